package dev.palimpsest.runtime.data;

import java.util.BitSet;
import java.util.stream.Stream;

/**
 * An image that is painted front to back: a sample keeps the first disc that covers it, and a pixel is the mean of its samples, which lie in its middle
 * and at equal distances from each other.
 */
final class Occlusion {
    private final int samples;
    private final int rows;
    private final int columns;
    private final int pixels;
    private final float[] values;
    private final BitSet[] covered;
    private int uncovered;

    /** @param samples of a pixel, in each direction */
    Occlusion(int channels, int height, int width, int samples) {
        this.samples = samples;
        this.rows = height * samples;
        this.columns = width * samples;
        this.pixels = height * width;
        this.values = new float[channels * pixels];
        this.covered = Stream.generate(BitSet::new).limit(rows).toArray(BitSet[]::new);
        this.uncovered = rows * columns;
    }

    /**
     * Paints what is seen of a disc behind those that are painted already.
     *
     * @param row of its centre in pixels; the image lies from 0 to its height
     * @param column of its centre in pixels; the image lies from 0 to its width
     * @param radius in pixels
     * @param brightness of each channel
     */
    void paint(double row, double column, double radius, float... brightness) {
        double y = samples * row - 0.5;
        double x = samples * column - 0.5;
        double r = samples * radius;
        int bottom = Math.min(rows - 1, (int) Math.floor(y + r));
        for (int i = Math.max(0, (int) Math.ceil(y - r)); i <= bottom; i++) {
            double half = Math.sqrt(Math.max(0, r * r - (i - y) * (i - y)));
            int last = Math.min(columns - 1, (int) Math.floor(x + half));
            int first = Math.max(0, (int) Math.ceil(x - half));
            for (int j = covered[i].nextClearBit(first); j <= last; j = covered[i].nextClearBit(j)) {
                covered[i].set(j);
                uncovered--;
                add(i / samples * (columns / samples) + j / samples, brightness);
            }
        }
    }

    private void add(int pixel, float[] brightness) {
        for (int c = 0; c < brightness.length; c++) {
            values[c * pixels + pixel] += brightness[c] / (samples * samples);
        }
    }

    boolean isCovered() {
        return uncovered == 0;
    }

    /** The pixels [channels, height, width]; where no disc is, they are 0. */
    float[] values() {
        return values;
    }
}
