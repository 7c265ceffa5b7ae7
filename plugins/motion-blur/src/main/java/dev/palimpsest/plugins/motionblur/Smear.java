package dev.palimpsest.plugins.motionblur;

import java.util.Arrays;

/** Convolution of height x width images with one kernel, with reflecting edges. */
final class Smear {
    private final int height;
    private final int width;
    private final int radius;
    private final int stride;
    private final int[] taps;
    private final float[] weights;
    private final float[] extended;

    /** @param kernel (2 radius + 1)^2 weights, symmetric about their centre */
    Smear(int height, int width, int radius, double[] kernel) {
        this.height = height;
        this.width = width;
        this.radius = radius;
        stride = width + 2 * radius;
        extended = new float[(height + 2 * radius) * stride];
        taps = new int[kernel.length];
        weights = new float[kernel.length];
        int side = 2 * radius + 1;
        for (int place = 0; place < kernel.length; place++) {
            taps[place] = place / side * stride + place % side;
            weights[place] = (float) kernel[place];
        }
    }

    /** Replaces the image that begins at this index of pixels by its convolution. */
    void replace(float[] pixels, int start) {
        extend(pixels, start);
        float[] sum = new float[width];
        for (int row = 0; row < height; row++) {
            Arrays.fill(sum, 0);
            for (int tap = 0; tap < taps.length; tap++) {
                float weight = weights[tap];
                if (weight != 0) {
                    int from = row * stride + taps[tap];
                    for (int column = 0; column < width; column++) {
                        sum[column] += weight * extended[from + column];
                    }
                }
            }
            System.arraycopy(sum, 0, pixels, start + row * width, width);
        }
    }

    /** Replaces the image by its back-projection: the transpose of the convolution, so that every pixel gives back to those that it was made of. */
    void backProject(float[] pixels, int start) {
        Arrays.fill(extended, 0);
        for (int row = 0; row < height; row++) {
            for (int tap = 0; tap < taps.length; tap++) {
                float weight = weights[tap];
                if (weight != 0) {
                    int to = row * stride + taps[tap];
                    for (int column = 0; column < width; column++) {
                        extended[to + column] += weight * pixels[start + row * width + column];
                    }
                }
            }
        }
        Arrays.fill(pixels, start, start + height * width, 0);
        for (int row = 0; row < height + 2 * radius; row++) {
            int to = start + reflected(row - radius, height) * width;
            for (int column = 0; column < stride; column++) {
                pixels[to + reflected(column - radius, width)] += extended[row * stride + column];
            }
        }
    }

    private void extend(float[] pixels, int start) {
        for (int row = 0; row < height + 2 * radius; row++) {
            int from = start + reflected(row - radius, height) * width;
            for (int column = 0; column < stride; column++) {
                extended[row * stride + column] = pixels[from + reflected(column - radius, width)];
            }
        }
    }

    /** The index within [0, size) that mirrors at -1/2 and size - 1/2 put at this place. */
    private static int reflected(int index, int size) {
        int period = Math.floorMod(index, 2 * size);
        return Math.min(period, 2 * size - 1 - period);
    }
}
