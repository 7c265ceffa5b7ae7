package dev.palimpsest.plugins.unet;

/** The channels of a, and then those of b. */
final class Concat implements Layer {
    private final Node a;
    private final Node b;
    private final Node out;

    Concat(Node a, Node b, Node out) {
        this.a = a;
        this.b = b;
        this.out = out;
    }

    @Override
    public void forward() {
        Kernels.forEach(out.items(), item -> {
            float[] joined = Scratch.array(0, out.itemSize());
            float[] part = Scratch.array(1, out.itemSize());
            spread(a, item, part, joined, 0);
            spread(b, item, part, joined, a.channels());
            out.value().put(item * out.itemSize(), joined, out.itemSize());
        });
    }

    @Override
    public void backward() {
        Kernels.forEach(out.items(), item -> {
            float[] joined = Scratch.array(0, out.itemSize());
            float[] part = Scratch.array(1, out.itemSize());
            out.gradient().get(item * out.itemSize(), joined, out.itemSize());
            gather(a, item, part, joined, 0);
            gather(b, item, part, joined, a.channels());
        });
    }

    private void spread(Node from, int item, float[] part, float[] joined, int channel) {
        from.value().get(item * from.itemSize(), part, from.itemSize());
        for (int p = 0; p < out.pixels(); p++) {
            System.arraycopy(part, p * from.channels(), joined, p * out.channels() + channel, from.channels());
        }
    }

    private void gather(Node to, int item, float[] part, float[] joined, int channel) {
        for (int p = 0; p < out.pixels(); p++) {
            System.arraycopy(joined, p * out.channels() + channel, part, p * to.channels(), to.channels());
        }
        to.gradient().put(item * to.itemSize(), part, to.itemSize());
    }
}
