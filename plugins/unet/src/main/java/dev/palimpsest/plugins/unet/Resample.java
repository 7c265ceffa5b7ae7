package dev.palimpsest.plugins.unet;

/** Halves the resolution by the mean of 2x2 pixels, or doubles it by repeating each pixel; each is the other's adjoint but for a factor of 4. */
final class Resample implements Layer {
    private final Node in;
    private final Node out;
    private final boolean doubles;

    Resample(Node in, Node out) {
        this.in = in;
        this.out = out;
        doubles = out.height() > in.height();
    }

    @Override
    public void forward() {
        Kernels.forEach(in.items(), item -> {
            float[] fine = Scratch.array(0, Math.max(in.itemSize(), out.itemSize()));
            float[] coarse = Scratch.array(1, fine.length);
            if (doubles) {
                in.value().get(item * in.itemSize(), coarse, in.itemSize());
                repeat(coarse, fine, out, 1);
                out.value().put(item * out.itemSize(), fine, out.itemSize());
            } else {
                in.value().get(item * in.itemSize(), fine, in.itemSize());
                sum(fine, coarse, in, 0.25f);
                out.value().put(item * out.itemSize(), coarse, out.itemSize());
            }
        });
    }

    @Override
    public void backward() {
        Kernels.forEach(in.items(), item -> {
            float[] fine = Scratch.array(0, Math.max(in.itemSize(), out.itemSize()));
            float[] coarse = Scratch.array(1, fine.length);
            if (doubles) {
                out.gradient().get(item * out.itemSize(), fine, out.itemSize());
                sum(fine, coarse, out, 1);
                in.gradient().put(item * in.itemSize(), coarse, in.itemSize());
            } else {
                out.gradient().get(item * out.itemSize(), coarse, out.itemSize());
                repeat(coarse, fine, in, 0.25f);
                in.gradient().put(item * in.itemSize(), fine, in.itemSize());
            }
        });
    }

    private static void repeat(float[] coarse, float[] fine, Node shape, float factor) {
        int c = shape.channels();
        int w = shape.width();
        for (int row = 0; row < shape.height(); row++) {
            for (int column = 0; column < w; column++) {
                int from = ((row / 2) * (w / 2) + column / 2) * c;
                int to = (row * w + column) * c;
                for (int k = 0; k < c; k++) {
                    fine[to + k] = factor * coarse[from + k];
                }
            }
        }
    }

    private static void sum(float[] fine, float[] coarse, Node shape, float factor) {
        int c = shape.channels();
        int w = shape.width();
        for (int row = 0; row < shape.height() / 2; row++) {
            for (int column = 0; column < w / 2; column++) {
                int from = (2 * row * w + 2 * column) * c;
                int to = (row * (w / 2) + column) * c;
                for (int k = 0; k < c; k++) {
                    float top = fine[from + k] + fine[from + c + k];
                    float bottom = fine[from + w * c + k] + fine[from + w * c + c + k];
                    coarse[to + k] = factor * (top + bottom);
                }
            }
        }
    }
}
