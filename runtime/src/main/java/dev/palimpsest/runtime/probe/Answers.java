package dev.palimpsest.runtime.probe;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** F's answers to changes of x, with two draws of its randomness. */
final class Answers {
    static final int DRAWS = 2;

    /** The root mean square of what is added to an item, in units of the items' standard deviation. */
    private static final double SHIFT = 0.25;

    /** An answer smaller than this part of what was added is none. */
    private static final double NOTHING = 1e-5;

    /** F bends if a larger part of its answer does. */
    static final double STRAIGHT = 1e-3;

    private final ForwardModel forward;
    private final RandomStreams streams;
    private final long[] shape;
    private final float[] x;
    private final int items;
    private final int dimensions;
    private final double shift;
    private final boolean told;
    private final float[][] base = new float[DRAWS][];
    private final boolean[][] heard = new boolean[DRAWS][];

    /** @param used how many of the items F is called at */
    Answers(ForwardModel forward, INDArray all, int used, RandomStreams streams) {
        this.forward = forward;
        this.streams = streams;
        INDArray some = all.get(NDArrayIndex.interval(0, used));
        shape = some.shape().clone();
        x = some.dup('c').data().asFloat();
        items = used;
        dimensions = x.length / used;
        double mean = 0;
        double square = 0;
        for (float value : x) {
            mean += value / x.length;
            square += (double) value * value / x.length;
        }
        double variance = square - mean * mean;
        shift = SHIFT * Math.sqrt(variance > 0 ? variance : 1);
        told = forward.apply(some, streams.stream("diagnose", 0)).conditioning().isPresent();
        for (int draw = 0; draw < DRAWS; draw++) {
            base[draw] = called(x, draw);
            heard[draw] = new boolean[x.length];
        }
    }

    boolean told() {
        return told;
    }

    float[] base(int draw) {
        return base[draw];
    }

    float[] baseAgain() {
        return called(x, 0);
    }

    int dimensions() {
        return dimensions;
    }

    int items() {
        return items;
    }

    /**
     * The channels' part in E[J^T J]: a pattern of random signs, the same for all, is put into each channel in turn.
     *
     * @param channels how many
     * @return [channels][channels]
     */
    double[][] gram(int channels) {
        int plane = dimensions / channels;
        RandomGenerator signs = streams.stream("diagnose signs", -1);
        float[] pattern = new float[items * plane];
        for (int i = 0; i < pattern.length; i++) {
            pattern[i] = signs.nextBoolean() ? (float) shift : (float) -shift;
        }
        double[][] gram = new double[channels][channels];
        float[][][] answers = new float[channels][DRAWS][];
        for (int m = 0; m < channels; m++) {
            float[] moved = x.clone();
            for (int i = 0; i < pattern.length; i++) {
                moved[i / plane * dimensions + m * plane + i % plane] += pattern[i];
            }
            for (int draw = 0; draw < DRAWS; draw++) {
                answers[m][draw] = answer(moved, draw);
            }
        }
        for (int m = 0; m < channels; m++) {
            for (int l = 0; l <= m; l++) {
                double product = told
                        ? (product(answers[m][0], answers[l][0]) + product(answers[m][1], answers[l][1])) / 2
                        : (product(answers[m][0], answers[l][1]) + product(answers[m][1], answers[l][0])) / 2;
                gram[m][l] = product / (shift * shift * pattern.length);
                gram[l][m] = gram[m][l];
            }
        }
        return gram;
    }

    /** How F answers to the modes of a group. */
    Response response(Modes modes, Modes.Group group) {
        int[] members = group.modes();
        double size = shift * Math.sqrt((double) dimensions / members.length);
        RandomGenerator signs = streams.stream("diagnose signs", members[0]);
        double[][] added = new double[items][members.length];
        float[] moved = x.clone();
        for (int item = 0; item < items; item++) {
            double[] coefficients = new double[modes.size()];
            for (int k = 0; k < members.length; k++) {
                added[item][k] = signs.nextBoolean() ? size : -size;
                coefficients[members[k]] = added[item][k];
            }
            modes.add(coefficients, moved, item);
        }
        double[][][] gains = new double[DRAWS][items][members.length];
        float[][] answers = new float[DRAWS][];
        double energy = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            answers[draw] = answer(moved, draw);
            energy += product(answers[draw], answers[draw]) / DRAWS;
            for (int item = 0; item < items; item++) {
                double[] coefficients = modes.coefficients(answers[draw], item);
                for (int k = 0; k < members.length; k++) {
                    gains[draw][item][k] = coefficients[members[k]] / added[item][k];
                }
            }
        }
        double unit = size * size * members.length * items;
        return new Response(gains, energy / unit, product(answers[0], answers[1]) / unit);
    }

    /** The share of y's coordinates that have answered to nothing yet. */
    double silent() {
        long silent = 0;
        for (boolean[] draw : heard) {
            for (boolean one : draw) {
                silent += one ? 0 : 1;
            }
        }
        return (double) silent / DRAWS / x.length;
    }

    /**
     * The variance of the noise in each mode: of half the difference of two draws, at the items where nothing is told of the draws, else at 0, where what
     * differs between the draws is no answer to x.
     *
     * @param lossy whether coordinates that never answer are left out, and the rest is taken as white
     */
    double[] noise(Modes modes, boolean lossy) {
        float[] first = told ? called(new float[x.length], 0) : base[0];
        float[] second = told ? called(new float[x.length], 1) : base[1];
        double[] noise = new double[modes.size()];
        float[] difference = new float[x.length];
        double squares = 0;
        long both = 0;
        for (int i = 0; i < x.length; i++) {
            difference[i] = first[i] - second[i];
            if (heard[0][i] && heard[1][i]) {
                squares += (double) difference[i] * difference[i];
                both++;
            }
        }
        if (lossy) {
            Arrays.fill(noise, both == 0 ? 0 : squares / both / 2);
            return noise;
        }
        for (int item = 0; item < items; item++) {
            double[] c = modes.coefficients(difference, item);
            for (int k = 0; k < c.length; k++) {
                noise[k] += c[k] * c[k] / 2 / items;
            }
        }
        return noise;
    }

    /** How far F is from a straight line. */
    double bend() {
        RandomGenerator signs = streams.stream("diagnose signs", -2);
        float[] up = x.clone();
        float[] down = x.clone();
        for (int i = 0; i < x.length; i++) {
            float step = signs.nextBoolean() ? (float) shift : (float) -shift;
            up[i] += step;
            down[i] -= step;
        }
        float[][] second = new float[DRAWS][];
        float[][] first = new float[DRAWS][];
        for (int draw = 0; draw < DRAWS; draw++) {
            float[] above = answer(up, draw);
            float[] below = answer(down, draw);
            second[draw] = new float[x.length];
            first[draw] = new float[x.length];
            for (int i = 0; i < x.length; i++) {
                second[draw][i] = above[i] + below[i];
                first[draw][i] = above[i] - below[i];
            }
        }
        int other = told ? 0 : 1;
        double line = product(first[0], first[other]);
        return line > 0 ? Math.max(0, product(second[0], second[other]) / line) : 0;
    }

    /** What is added to a coordinate. */
    double shift() {
        return shift;
    }

    /** F of the first few items with one draw, with one coordinate of all of them moved; none if it is negative. */
    float[] first(int few, int coordinate) {
        float[] some = Arrays.copyOf(x, few * dimensions);
        if (coordinate >= 0) {
            for (int item = 0; item < few; item++) {
                some[item * dimensions + coordinate] += (float) shift;
            }
        }
        return called(some, 0);
    }

    private float[] answer(float[] moved, int draw) {
        float[] answer = called(moved, draw);
        for (int i = 0; i < answer.length; i++) {
            answer[i] -= base[draw][i];
            heard[draw][i] |= Math.abs(answer[i]) > NOTHING * shift;
        }
        return answer;
    }

    private float[] called(float[] values, int draw) {
        long[] batch = shape.clone();
        batch[0] = values.length / dimensions;
        Observations returned =
                forward.apply(Nd4j.createFromArray(values).reshape('c', batch), streams.stream("diagnose", draw));
        return returned.y().dup('c').data().asFloat();
    }

    private static double product(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
