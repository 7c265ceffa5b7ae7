package dev.palimpsest.runtime.probe;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Calls F around the observations x. */
final class Calls {
    private static final double SHIFT = 0.5;
    private static final int MOST_ITEMS_FOR_DIRECTIONS = 256;

    /** A direction whose mean squared answer is smaller than this part of the largest does not reach y: the rounding of float32 differences is below. */
    private static final double NOTHING = 1e-6;

    private final ForwardModel forward;
    private final RandomStreams streams;
    private final long[] shape;
    private final float[] x;
    private final float[] conditioning;
    private final int items;
    private final int dimensions;
    private final double[] mean;
    private final double[] meanSquare;
    private final double shift;

    Calls(ForwardModel forward, Observations y, RandomStreams streams) {
        this.forward = forward;
        this.streams = streams;
        shape = y.y().shape().clone();
        x = floats(y.y());
        conditioning = y.conditioning().map(Calls::floats).orElse(new float[0]);
        items = (int) shape[0];
        dimensions = x.length / items;
        mean = new double[dimensions];
        meanSquare = new double[dimensions];
        for (int i = 0; i < x.length; i++) {
            mean[i % dimensions] += (double) x[i] / items;
            meanSquare[i % dimensions] += (double) x[i] * x[i] / items;
        }
        double variance = 0;
        for (int j = 0; j < dimensions; j++) {
            variance += (meanSquare[j] - mean[j] * mean[j]) / dimensions;
        }
        shift = SHIFT * Math.sqrt(variance > 0 ? variance : 1);
    }

    Draw draw(int k) {
        RandomGenerator half = streams.stream("probe shift", k);
        boolean[] shifted = new boolean[x.length];
        float[] moved = x.clone();
        float[] opposite = x.clone();
        for (int i = 0; i < x.length; i++) {
            shifted[i] = half.nextBoolean();
            moved[i] += shifted[i] ? (float) shift : 0;
            opposite[i] -= shifted[i] ? (float) shift : 0;
        }
        Observations plain = called(x, items, k);
        return new Draw(
                floats(plain.y()),
                floats(called(moved, items, k).y()),
                floats(called(opposite, items, k).y()),
                shifted,
                plain.conditioning().map(Calls::floats).orElse(new float[0]),
                items);
    }

    /** How many of the d directions in the space of x do not reach y: those in which the mean of J^T J vanishes, J by finite differences. */
    int destroyedDirections() {
        int used = Math.min(items, MOST_ITEMS_FOR_DIRECTIONS);
        float[] base = Arrays.copyOf(x, used * dimensions);
        float[] plain = floats(called(base, used, 0).y());
        double[][] answers = new double[dimensions][plain.length];
        for (int direction = 0; direction < dimensions; direction++) {
            float[] moved = base.clone();
            for (int i = direction; i < moved.length; i += dimensions) {
                moved[i] += (float) shift;
            }
            float[] reached = floats(called(moved, used, 0).y());
            for (int i = 0; i < plain.length; i++) {
                answers[direction][i] = ((double) reached[i] - plain[i]) / shift;
            }
        }
        INDArray gram = Nd4j.zeros(DataType.DOUBLE, dimensions, dimensions);
        for (int l = 0; l < dimensions; l++) {
            for (int m = 0; m <= l; m++) {
                double product = 0;
                for (int i = 0; i < plain.length; i++) {
                    product += answers[l][i] * answers[m][i] / used;
                }
                gram.putScalar(l, m, product);
                gram.putScalar(m, l, product);
            }
        }
        double[] eigenvalues = Symmetric.of(gram).values();
        double largest = eigenvalues[0];
        return (int) Arrays.stream(eigenvalues)
                .filter(value -> value <= NOTHING * Math.max(largest, NOTHING))
                .count();
    }

    /** Whether there are several observations, all with one conditioning. */
    boolean sameConditioning() {
        return items > 1 && Draw.sameInAll(conditioning, Arrays.copyOf(conditioning, conditioning.length / items));
    }

    float[] x() {
        return x;
    }

    int dimensions() {
        return dimensions;
    }

    double shift() {
        return shift;
    }

    int items() {
        return items;
    }

    /** The variance over items of a coordinate of y. */
    double variance(int coordinate) {
        return (meanSquare[coordinate] - mean[coordinate] * mean[coordinate]) * items / Math.max(1, items - 1);
    }

    /** The standard error of the mean over coordinates of the variance of y, from how it differs from item to item. */
    double varianceError() {
        double sum = 0;
        double squares = 0;
        for (int item = 0; item < items; item++) {
            double own = 0;
            for (int j = 0; j < dimensions; j++) {
                double deviation = x[item * dimensions + j] - mean[j];
                own += deviation * deviation / dimensions;
            }
            sum += own / items;
            squares += own * own / items;
        }
        return Math.sqrt(Math.max(0, squares - sum * sum) / items);
    }

    /** The mean over items of a coordinate of y. */
    double mean(int coordinate) {
        return mean[coordinate];
    }

    /** The mean over items of the square of a coordinate of y. */
    double meanSquare(int coordinate) {
        return meanSquare[coordinate];
    }

    private Observations called(float[] values, int count, int k) {
        long[] batch = shape.clone();
        batch[0] = count;
        return forward.apply(Nd4j.createFromArray(values).reshape('c', batch), streams.stream("probe", k));
    }

    private static float[] floats(INDArray array) {
        return array.dup('c').data().asFloat();
    }
}
