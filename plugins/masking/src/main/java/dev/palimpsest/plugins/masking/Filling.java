package dev.palimpsest.plugins.masking;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Lost pixels, filled from those that are seen: first each with the mean of the seen pixels within 1, else 2, 4, 8, ... pixels of it, and then smoothed by
 * some steps toward the image of least bending (squared Laplacian) that has the seen pixels as they are (biharmonic inpainting; Damelin and Hoang, "On
 * surface completion and image inpainting by biharmonic functions", 2018). Enough steps for single pixels; the middle of a large gap stays near the mean.
 */
final class Filling {
    private static final int STEPS = 12;

    /** Of gradient descent on the squared Laplacian, whose largest eigenvalue is 64: below 2 / 64. */
    private static final float RATE = 1.6f / 64;

    private final int height;
    private final int width;
    private final float[] mask;
    private final float[] laplacian;
    private final float[] second;

    private Filling(int height, int width, float[] mask) {
        this.height = height;
        this.width = width;
        this.mask = mask;
        laplacian = new float[height * width];
        second = new float[height * width];
    }

    /**
     * Fills a batch.
     *
     * @param state [N, c, H, W]
     * @param mask [N, 1, H, W], 1 where seen
     * @return a new array; seen pixels are as in the state
     */
    static INDArray of(INDArray state, INDArray mask) {
        int channels = (int) state.size(1);
        int height = (int) state.size(2);
        int width = (int) state.size(3);
        int pixels = height * width;
        float[] values = state.dup('c').data().asFloat();
        float[] masks = mask.dup('c').data().asFloat();
        IntStream.range(0, (int) state.size(0)).parallel().forEach(item -> {
            Filling filling = new Filling(height, width, Arrays.copyOfRange(masks, item * pixels, (item + 1) * pixels));
            for (int plane = item * channels; plane < (item + 1) * channels; plane++) {
                float[] image = Arrays.copyOfRange(values, plane * pixels, (plane + 1) * pixels);
                System.arraycopy(filling.filled(image), 0, values, plane * pixels, pixels);
            }
        });
        return Nd4j.createFromArray(values).reshape('c', state.shape());
    }

    private float[] filled(float[] image) {
        float[] filled = means(image);
        for (int step = 0; step < STEPS; step++) {
            laplace(filled, laplacian);
            laplace(laplacian, second);
            for (int i = 0; i < filled.length; i++) {
                filled[i] -= (1 - mask[i]) * RATE * second[i];
            }
        }
        return filled;
    }

    /** Each lost pixel has the mean of the seen ones in the smallest square about it that has any; 0 if none is seen. */
    private float[] means(float[] image) {
        double[] sums = summed(i -> mask[i] == 0 ? 0 : image[i]);
        double[] counts = summed(i -> mask[i]);
        float[] filled = image.clone();
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                if (mask[row * width + column] == 0) {
                    filled[row * width + column] = mean(sums, counts, row, column);
                }
            }
        }
        return filled;
    }

    private float mean(double[] sums, double[] counts, int row, int column) {
        for (int reach = 1; reach < 2 * Math.max(height, width); reach *= 2) {
            double count = inSquare(counts, row, column, reach);
            if (count > 0) {
                return (float) (inSquare(sums, row, column, reach) / count);
            }
        }
        return 0;
    }

    private interface Pixel {
        float at(int i);
    }

    /** Sums over all pixels above and to the left, [height + 1][width + 1]. */
    private double[] summed(Pixel pixel) {
        double[] sums = new double[(height + 1) * (width + 1)];
        for (int row = 0; row < height; row++) {
            double ofRow = 0;
            for (int column = 0; column < width; column++) {
                ofRow += pixel.at(row * width + column);
                sums[(row + 1) * (width + 1) + column + 1] = sums[row * (width + 1) + column + 1] + ofRow;
            }
        }
        return sums;
    }

    private double inSquare(double[] sums, int row, int column, int reach) {
        int top = Math.max(0, row - reach) * (width + 1);
        int bottom = Math.min(height, row + reach + 1) * (width + 1);
        int left = Math.max(0, column - reach);
        int right = Math.min(width, column + reach + 1);
        return sums[bottom + right] - sums[top + right] - sums[bottom + left] + sums[top + left];
    }

    /** The sum of the four neighbours less four times the pixel, where what is beyond an edge is as the pixel at it. */
    private void laplace(float[] image, float[] to) {
        for (int row = 0; row < height; row++) {
            int at = row * width;
            int above = row == 0 ? at : at - width;
            int below = row == height - 1 ? at : at + width;
            for (int column = 0; column < width; column++) {
                to[at + column] = image[above + column] + image[below + column] - 4 * image[at + column];
            }
            for (int column = 1; column < width; column++) {
                to[at + column] += image[at + column - 1];
                to[at + column - 1] += image[at + column];
            }
            to[at] += image[at];
            to[at + width - 1] += image[at + width - 1];
        }
    }
}
