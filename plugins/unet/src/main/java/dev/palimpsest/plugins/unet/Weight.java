package dev.palimpsest.plugins.unet;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A weight array: a view of the flat vector of parameters, and of that of gradients. */
final class Weight {
    private final Weights weights;
    private final long offset;
    private final long[] shape;
    private final double deviation;

    /** @param deviation of the initial values; 1 with {@code constant} set means ones */
    Weight(Weights weights, long offset, double deviation, long... shape) {
        this.weights = weights;
        this.offset = offset;
        this.deviation = deviation;
        this.shape = shape;
    }

    int length() {
        long length = 1;
        for (long size : shape) {
            length *= size;
        }
        return Math.toIntExact(length);
    }

    long offset() {
        return offset;
    }

    double deviation() {
        return deviation;
    }

    long[] shape() {
        return shape.clone();
    }

    INDArray value() {
        return weights.parameters().view(this);
    }

    INDArray gradient() {
        return weights.gradients().view(this);
    }

    FloatPointer valuePointer() {
        return weights.parameters().buffer().from(offset);
    }

    FloatPointer gradientPointer() {
        return weights.gradients().buffer().from(offset);
    }

    float[] read() {
        float[] values = new float[length()];
        weights.parameters().buffer().get((int) offset, values, values.length);
        return values;
    }

    /** Sets the gradient. */
    void slope(float[] gradient) {
        weights.gradients().buffer().put((int) offset, gradient, gradient.length);
    }
}
