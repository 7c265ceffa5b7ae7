package dev.palimpsest.plugins.unet;

import org.nd4j.linalg.api.ndarray.INDArray;

/** An activation [items, height, width, channels] of a plan; its memory is assigned when the plan is complete. */
final class Tensor {
    /** Floats in 2 GiB, the most that a buffer of Java can see. */
    private static final int LARGEST = Integer.MAX_VALUE / Float.BYTES;

    final int items;
    final int height;
    final int width;
    final int channels;
    private Storage value;
    private Storage gradient;
    private boolean started;

    Tensor(int items, int height, int width, int channels) {
        long length = (long) items * height * width;
        if (length > LARGEST / channels) {
            throw new IllegalArgumentException("unet: an array of " + items + " x " + height + " x " + width + " x "
                    + channels + " numbers is too long; "
                    + ((long) height * width <= LARGEST / channels
                            ? "use a smaller train.batch, or train.microBatch"
                            : "train on patches, such as data.patch=[64,64], or leave out attention, with drift.attention=[]"
                                    + " drift.middle=false"));
        }
        this.items = items;
        this.height = height;
        this.width = width;
        this.channels = channels;
    }

    /** A tensor of vectors [items, channels]. */
    static Tensor vectors(int items, int channels) {
        return new Tensor(items, 1, 1, channels);
    }

    Tensor withChannels(int count) {
        return new Tensor(items, height, width, count);
    }

    int pixels() {
        return height * width;
    }

    int rows() {
        return items * pixels();
    }

    int itemLength() {
        return pixels() * channels;
    }

    long length() {
        return (long) items * itemLength();
    }

    Storage value() {
        return value;
    }

    Storage gradient() {
        return gradient;
    }

    /** The memory of some of the items in the value's or the gradient's. */
    Storage part(Storage of, int first, int count) {
        return of.reshape(length()).part((long) first * itemLength(), count, height, width, channels);
    }

    void holdValue(Storage flat) {
        value = flat.reshape(items, height, width, channels);
    }

    void holdGradient(Storage flat) {
        gradient = flat.reshape(items, height, width, channels);
    }

    /** Starts the gradient with this one, or adds it. */
    void addGradient(INDArray part) {
        if (startGradient()) {
            gradient.array().assign(part);
        } else {
            gradient.array().addi(part);
        }
    }

    void forgetGradient() {
        started = false;
    }

    /** True for the first layer of a backward pass that asks: it overwrites the gradient, and all others add to it. */
    boolean startGradient() {
        boolean first = !started;
        started = true;
        return first;
    }
}
