package dev.palimpsest.plugins.unet;

/** out = x sigmoid(x). */
final class Silu implements Layer {
    private final Node in;
    private final Node out;
    private final int size;

    Silu(Node in, Node out) {
        this.in = in;
        this.out = out;
        size = in.itemSize();
    }

    @Override
    public void forward() {
        Kernels.forEach(in.items(), item -> {
            float[] u = Scratch.array(0, size);
            float[] s = Scratch.array(1, size);
            in.value().get(item * size, u, size);
            Kernels.sigmoid(s, u, size);
            Kernels.multiply(u, s, size);
            out.value().put(item * size, u, size);
        });
    }

    @Override
    public void backward() {
        Kernels.forEach(in.items(), item -> {
            float[] u = Scratch.array(0, size);
            float[] s = Scratch.array(1, size);
            float[] d = Scratch.array(2, size);
            in.value().get(item * size, u, size);
            out.gradient().get(item * size, d, size);
            Kernels.sigmoid(s, u, size);
            Kernels.siluSlope(d, u, s, size);
            in.gradient().put(item * size, d, size);
        });
    }
}
