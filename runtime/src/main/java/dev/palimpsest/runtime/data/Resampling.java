package dev.palimpsest.runtime.data;

/**
 * Scales images bilinearly: with pixels as unit squares, output pixel i is centred at u = (i + 1/2) s with s = input length / output length, and is the
 * mean of the input pixels k with the weights max(0, 1 - |k + 1/2 - u| / max(1, s)), so that shrinking averages over all pixels that an output pixel
 * covers. First along rows, then along columns.
 */
final class Resampling {
    private Resampling() {}

    static Planes of(Planes image, int height, int width) {
        if (image.height() == height && image.width() == width) {
            return image;
        }
        float[] along = new float[image.channels() * image.height() * width];
        Weights horizontal = Weights.of(image.width(), width);
        for (int row = 0; row < image.channels() * image.height(); row++) {
            for (int j = 0; j < width; j++) {
                along[row * width + j] = horizontal.mean(j, image.values(), row * image.width(), 1);
            }
        }
        float[] values = new float[image.channels() * height * width];
        Weights vertical = Weights.of(image.height(), height);
        for (int c = 0; c < image.channels(); c++) {
            for (int i = 0; i < height; i++) {
                for (int j = 0; j < width; j++) {
                    values[(c * height + i) * width + j] =
                            vertical.mean(i, along, c * image.height() * width + j, width);
                }
            }
        }
        return new Planes(image.channels(), height, width, values);
    }

    private record Weights(int[] first, double[][] weights) {
        static Weights of(int from, int to) {
            double scale = (double) from / to;
            double support = Math.max(1, scale);
            int[] first = new int[to];
            double[][] weights = new double[to][];
            for (int i = 0; i < to; i++) {
                double centre = (i + 0.5) * scale;
                int begin = Math.max(0, (int) Math.floor(centre - support));
                int end = Math.min(from, (int) Math.ceil(centre + support));
                double[] each = new double[end - begin];
                double sum = 0;
                for (int k = begin; k < end; k++) {
                    each[k - begin] = Math.max(0, 1 - Math.abs(k + 0.5 - centre) / support);
                    sum += each[k - begin];
                }
                for (int k = 0; k < each.length; k++) {
                    each[k] /= sum;
                }
                first[i] = begin;
                weights[i] = each;
            }
            return new Weights(first, weights);
        }

        float mean(int output, float[] values, int start, int stride) {
            double mean = 0;
            double[] each = weights[output];
            for (int k = 0; k < each.length; k++) {
                mean += each[k] * values[start + (first[output] + k) * stride];
            }
            return (float) mean;
        }
    }
}
