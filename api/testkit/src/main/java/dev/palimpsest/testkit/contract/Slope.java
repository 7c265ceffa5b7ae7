package dev.palimpsest.testkit.contract;

import static dev.palimpsest.testkit.contract.Values.require;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Compares a gradient, in one part of the parameters, with the slope of the loss along itself and along a random direction: (4 D(h/2) - D(h)) / 3 with
 * D(h) = (L(p + h d) - L(p - h d)) / 2h, whose error is O(h^4). A step changes the part by at most 1 %. float32 leaves the loss uncertain by some 1e-6 of itself,
 * which is divided by h; 3 % are left for the rest.
 */
final class Slope {
    private final DriftTrial.Batch batch;
    private final int from;
    private final INDArray part;
    private final float[] weights;
    private final float[] gradient;
    private final double loss;

    /** The parameters from one index to another, and the gradient with respect to all. */
    Slope(DriftTrial.Batch batch, float[] gradient, int from, int to) {
        this.batch = batch;
        this.from = from;
        this.part = batch.network().parameters().get(NDArrayIndex.interval(from, to));
        this.weights = Values.of(part);
        this.gradient = Arrays.copyOfRange(gradient, from, to);
        this.loss = batch.meanSquaredError();
    }

    void requireGradient() {
        double steepest = norm(gradient);
        double reach = .01 * Math.max(norm(weights), 1e-3);
        RandomGenerator rng = Values.generator(from);
        double[] random = new double[weights.length];
        Arrays.setAll(random, i -> (rng.nextBoolean() ? 1 : -1) / Math.sqrt(random.length));
        requireAlong(random, reach, steepest / Math.sqrt(random.length));
        if (steepest > 0) {
            double[] along = new double[weights.length];
            Arrays.setAll(along, i -> gradient[i] / steepest);
            requireAlong(along, Math.min(reach, .01 * loss / steepest), steepest);
        }
    }

    /** @param scale how large the slope in such a direction is */
    private void requireAlong(double[] direction, double h, double scale) {
        double slope = (4 * difference(direction, h / 2) - difference(direction, h)) / 3;
        part.assign(Nd4j.createFromArray(weights));
        double expected = 0;
        for (int i = 0; i < direction.length; i++) {
            expected += direction[i] * gradient[i];
        }
        require(
                Math.abs(slope - expected) <= .03 * Math.max(scale, Math.abs(expected)) + 4e-6 * loss / h,
                "expected a gradient whose slope in parameters " + from + " to " + (from + weights.length - 1)
                        + " is that of the loss, " + slope + " by central differences, got " + expected);
    }

    private double difference(double[] direction, double h) {
        return (loss(direction, h) - loss(direction, -h)) / (2 * h);
    }

    private double loss(double[] direction, double h) {
        float[] moved = new float[weights.length];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = (float) (weights[i] + h * direction[i]);
        }
        part.assign(Nd4j.createFromArray(moved));
        return batch.meanSquaredError();
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }
}
