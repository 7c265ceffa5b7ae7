package dev.palimpsest.plugins.unet;

import java.util.List;

/**
 * Halves an image by averaging 2x2 pixels, or doubles it by repeating each pixel 2x2 times. Each is, up to the factor 1/4, the other's transpose.
 */
final class Resample implements Layer {
    private static final float MEAN_OF_FOUR = 0.25f;

    private final Tensor in;
    private final Tensor out;

    /** Halves or doubles, as the heights of in and out say. */
    Resample(Tensor in, Tensor out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public List<Tensor> tensors() {
        return List.of(in, out);
    }

    @Override
    public void forward() {
        Kernels.parallel(in.items, item -> {
            if (out.height < in.height) {
                sum(in, in.value(), out, out.value(), item, MEAN_OF_FOUR, false);
            } else {
                repeat(in, in.value(), out, out.value(), item, 1, false);
            }
        });
    }

    @Override
    public void backward() {
        boolean adds = !in.startGradient();
        Kernels.parallel(in.items, item -> {
            if (out.height < in.height) {
                repeat(out, out.gradient(), in, in.gradient(), item, MEAN_OF_FOUR, adds);
            } else {
                sum(out, out.gradient(), in, in.gradient(), item, 1, adds);
            }
        });
    }

    private static void sum(
            Tensor fine, Storage from, Tensor coarse, Storage to, int item, float factor, boolean adds) {
        int channels = fine.channels;
        float[][] scratch = Scratch.arrays(3, channels);
        for (int row = 0; row < coarse.height; row++) {
            for (int column = 0; column < coarse.width; column++) {
                int corner = at(fine, item, 2 * row, 2 * column);
                from.floats().get(corner, scratch[0], 0, channels);
                int below = corner + fine.width * channels;
                for (int k = 1; k < 4; k++) {
                    from.floats().get((k < 2 ? corner : below) + k % 2 * channels, scratch[1], 0, channels);
                    Kernels.add(scratch[0], scratch[1], channels);
                }
                Kernels.scale(scratch[0], factor, channels);
                Copies.put(scratch[0], to.floats(), at(coarse, item, row, column), channels, adds, scratch[2]);
            }
        }
    }

    private static void repeat(
            Tensor coarse, Storage from, Tensor fine, Storage to, int item, float factor, boolean adds) {
        int channels = fine.channels;
        float[][] scratch = Scratch.arrays(2, channels);
        for (int row = 0; row < coarse.height; row++) {
            for (int column = 0; column < coarse.width; column++) {
                from.floats().get(at(coarse, item, row, column), scratch[0], 0, channels);
                Kernels.scale(scratch[0], factor, channels);
                int corner = at(fine, item, 2 * row, 2 * column);
                int below = corner + fine.width * channels;
                for (int k = 0; k < 4; k++) {
                    int at = (k < 2 ? corner : below) + k % 2 * channels;
                    Copies.put(scratch[0], to.floats(), at, channels, adds, scratch[1]);
                }
            }
        }
    }

    private static int at(Tensor tensor, int item, int row, int column) {
        return ((item * tensor.height + row) * tensor.width + column) * tensor.channels;
    }
}
