package dev.palimpsest.plugins.unet;

/** out = a + b. */
final class Add implements Layer {
    private final Node a;
    private final Node b;
    private final Node out;
    private final int size;

    Add(Node a, Node b, Node out) {
        this.a = a;
        this.b = b;
        this.out = out;
        size = out.itemSize();
    }

    @Override
    public void forward() {
        Kernels.forEach(out.items(), item -> {
            float[] sum = Scratch.array(0, size);
            float[] part = Scratch.array(1, size);
            a.value().get(item * size, sum, size);
            b.value().get(item * size, part, size);
            Kernels.add(sum, part, size);
            out.value().put(item * size, sum, size);
        });
    }

    @Override
    public void backward() {
        Kernels.forEach(out.items(), item -> {
            float[] slope = Scratch.array(0, size);
            out.gradient().get(item * size, slope, size);
            a.gradient().put(item * size, slope, size);
            b.gradient().put(item * size, slope, size);
        });
    }
}
