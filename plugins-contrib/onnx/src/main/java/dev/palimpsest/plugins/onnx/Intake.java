package dev.palimpsest.plugins.onnx;

import java.util.Arrays;
import java.util.List;

/** Makes of items what a model takes: images in its layout, size and scale, or vectors in its scale. */
record Intake(Onnx.Layout layout, List<Double> mean, List<Double> deviation) {
    private static final int IMAGE_RANK = 4;

    /**
     * What one item is turned into.
     *
     * @param from [channels, height, width] or [d]
     * @param to the same of the model
     */
    record Sizes(int[] from, int[] to) {
        int length() {
            return Arrays.stream(to).reduce(1, Math::multiplyExact);
        }
    }

    /**
     * Sizes that fit.
     *
     * @param items [N, ...]
     * @param model the shape of its input, -1 where any size goes
     * @throws IllegalArgumentException if the model does not take such items
     */
    Sizes sizes(long[] items, long[] model) {
        int[] from = Arrays.stream(items).skip(1).mapToInt(Math::toIntExact).toArray();
        if (items.length != model.length || (items.length != IMAGE_RANK && items.length != 2)) {
            throw refused(items, model, "items and input must both be images, or both be vectors");
        }
        int[] to = Arrays.stream(model).skip(1).mapToInt(Math::toIntExact).toArray();
        if (items.length == IMAGE_RANK && layout == Onnx.Layout.NHWC) {
            to = new int[] {to[2], to[0], to[1]};
        }
        for (int i = 0; i < to.length; i++) {
            to[i] = to[i] < 0 ? from[i] : to[i];
        }
        if (to[0] != from[0] && (items.length == 2 || from[0] != 1)) {
            throw refused(items, model, "the number of channels or values must be the model's; look at layout");
        }
        requireOneOr(to[0], mean, "mean");
        requireOneOr(to[0], deviation, "deviation");
        return new Sizes(from, to);
    }

    private static void requireOneOr(int channels, List<Double> numbers, String key) {
        if (numbers.size() != 1 && numbers.size() != channels) {
            throw new IllegalArgumentException(
                    key + ": expected 1 number, or " + channels + ", one a channel, got " + numbers.size());
        }
    }

    private IllegalArgumentException refused(long[] items, long[] model, String why) {
        return new IllegalArgumentException("the model's input is " + Arrays.toString(model) + " (" + layout
                + "), items are " + Arrays.toString(items) + ": " + why);
    }

    /** The shape of a batch. */
    long[] shape(int n, Sizes sizes) {
        int[] to = sizes.to();
        return to.length == 1
                ? new long[] {n, to[0]}
                : layout == Onnx.Layout.NCHW
                        ? new long[] {n, to[0], to[1], to[2]}
                        : new long[] {n, to[1], to[2], to[0]};
    }

    /** Writes an item, the i-th of all, as the k-th of a batch. */
    void put(float[] items, int i, Sizes sizes, float[] batch, int k) {
        if (sizes.to().length == 1) {
            for (int j = 0; j < sizes.length(); j++) {
                batch[k * sizes.length() + j] = scaled(items[i * sizes.length() + j], j);
            }
        } else {
            image(items, i, sizes, batch, k * sizes.length());
        }
    }

    private void image(float[] items, int item, Sizes sizes, float[] batch, int start) {
        int channels = sizes.to()[0];
        int height = sizes.to()[1];
        int width = sizes.to()[2];
        int plane = sizes.from()[1] * sizes.from()[2];
        boolean first = layout == Onnx.Layout.NCHW;
        for (int c = 0; c < channels; c++) {
            int from = (item * sizes.from()[0] + Math.min(c, sizes.from()[0] - 1)) * plane;
            for (int i = 0; i < height; i++) {
                for (int j = 0; j < width; j++) {
                    int at = first ? (c * height + i) * width + j : (i * width + j) * channels + c;
                    batch[start + at] = scaled(between(items, from, sizes, i, j), c);
                }
            }
        }
    }

    /** Bilinear between the centres of pixels; beyond the outermost ones, as they are. */
    private static float between(float[] items, int from, Sizes sizes, int i, int j) {
        int height = sizes.from()[1];
        int width = sizes.from()[2];
        double row = Math.max(0, Math.min(height - 1, (i + .5) * height / sizes.to()[1] - .5));
        double column = Math.max(0, Math.min(width - 1, (j + .5) * width / sizes.to()[2] - .5));
        int top = (int) row;
        int left = (int) column;
        int bottom = Math.min(top + 1, height - 1);
        int right = Math.min(left + 1, width - 1);
        double down = row - top;
        double across = column - left;
        double upper = items[from + top * width + left] * (1 - across) + items[from + top * width + right] * across;
        double lower =
                items[from + bottom * width + left] * (1 - across) + items[from + bottom * width + right] * across;
        return (float) (upper * (1 - down) + lower * down);
    }

    private float scaled(float x, int channel) {
        double m = mean.get(Math.min(channel, mean.size() - 1));
        double s = deviation.get(Math.min(channel, deviation.size() - 1));
        return (float) (((x + 1.0) / 2 - m) / s);
    }
}
