package dev.palimpsest.plugins.downsample;

/** The blocks of one image: squares, of which the edges may cut the first and the last. */
final class Blocks {
    private final int height;
    private final int width;
    private final int factor;
    private final int down;
    private final int right;
    private final int across;

    /**
     * Blocks that begin outside of the image.
     *
     * @param down how many rows above it, less than the factor
     * @param right how many columns left of it
     */
    Blocks(int height, int width, int factor, int down, int right) {
        this.height = height;
        this.width = width;
        this.factor = factor;
        this.down = down;
        this.right = right;
        across = (width - 1 + right) / factor + 1;
    }

    int size() {
        return height * width;
    }

    /** The mean of each block, of the pixels that lie in the image. */
    double[] means(float[] pixels, int start) {
        double[] sums = new double[across * ((height - 1 + down) / factor + 1)];
        int[] counts = new int[sums.length];
        for (int pixel = 0; pixel < size(); pixel++) {
            int block = block(pixel);
            sums[block] += pixels[start + pixel];
            counts[block]++;
        }
        for (int block = 0; block < sums.length; block++) {
            sums[block] /= counts[block];
        }
        return sums;
    }

    /** Gives each pixel its block's value. */
    void spread(double[] values, float[] pixels, int start) {
        for (int pixel = 0; pixel < size(); pixel++) {
            pixels[start + pixel] = (float) values[block(pixel)];
        }
    }

    /** Puts a 1 where a block begins. */
    void mark(float[] pixels, int start) {
        for (int pixel = 0; pixel < size(); pixel++) {
            boolean begins = (pixel / width + down) % factor == 0 && (pixel % width + right) % factor == 0;
            pixels[start + pixel] = begins ? 1 : 0;
        }
    }

    private int block(int pixel) {
        return (pixel / width + down) / factor * across + (pixel % width + right) / factor;
    }
}
