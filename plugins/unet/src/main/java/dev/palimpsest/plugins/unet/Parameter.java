package dev.palimpsest.plugins.unet;

import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.factory.Nd4j;

/** A weight: a part of the flat vector of all weights, and the same part of the flat gradient. */
final class Parameter {
    private final long[] shape;
    private final ToDoubleFunction<RandomGenerator> initial;
    private Storage value;
    private Storage gradient;
    private float[] values = {};

    Parameter(ToDoubleFunction<RandomGenerator> initial, long... shape) {
        this.initial = initial;
        this.shape = shape;
    }

    long[] shape() {
        return shape.clone();
    }

    int length() {
        long length = 1;
        for (long size : shape) {
            length = Math.multiplyExact(length, size);
        }
        return Math.toIntExact(length);
    }

    Storage value() {
        return value;
    }

    Storage gradient() {
        return gradient;
    }

    /** The values, in the same array at every call. */
    float[] values() {
        if (values.length == 0) {
            values = new float[length()];
        }
        value.floats().get(0, values);
        return values;
    }

    void place(Storage values, long offset, RandomGenerator rng) {
        value = values.part(offset, shape);
        float[] start = new float[length()];
        for (int i = 0; i < start.length; i++) {
            start[i] = (float) initial.applyAsDouble(rng);
        }
        value.array().assign(Nd4j.createFromArray(start).reshape('c', shape));
    }

    /** Sets the gradient to the sum of parts, which is left in the first. */
    void sumGradient(float[][] parts) {
        float[] sum = parts[0];
        for (int part = 1; part < parts.length; part++) {
            Kernels.add(sum, parts[part], sum.length);
        }
        gradient.floats().put(0, sum);
    }

    void placeGradient(Storage gradients, long offset) {
        gradient = gradients.part(offset, shape);
    }
}
