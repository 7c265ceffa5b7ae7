package dev.palimpsest.plugins.unet;

import java.util.List;

/** out = the channels of first, then those of second. */
final class Concatenation implements Layer {
    private final Tensor first;
    private final Tensor second;
    private final Tensor out;

    Concatenation(Tensor first, Tensor second, Tensor out) {
        this.first = first;
        this.second = second;
        this.out = out;
    }

    @Override
    public List<Tensor> tensors() {
        return List.of(first, second, out);
    }

    @Override
    public void forward() {
        Kernels.parallel(out.items, item -> {
            gather(first, item, 0);
            gather(second, item, first.channels);
        });
    }

    private void gather(Tensor part, int item, int offset) {
        for (int pixel = item * out.pixels(); pixel < (item + 1) * out.pixels(); pixel++) {
            out.value()
                    .floats()
                    .put(pixel * out.channels + offset, part.value().floats(), pixel * part.channels, part.channels);
        }
    }

    @Override
    public void backward() {
        boolean startFirst = first.startGradient();
        boolean startSecond = second.startGradient();
        Kernels.parallel(out.items, item -> {
            scatter(first, item, 0, !startFirst);
            scatter(second, item, first.channels, !startSecond);
        });
    }

    private void scatter(Tensor part, int item, int offset, boolean adds) {
        float[][] scratch = Scratch.arrays(2, part.channels);
        for (int pixel = item * out.pixels(); pixel < (item + 1) * out.pixels(); pixel++) {
            out.gradient().floats().get(pixel * out.channels + offset, scratch[0], 0, part.channels);
            Copies.put(scratch[0], part.gradient().floats(), pixel * part.channels, part.channels, adds, scratch[1]);
        }
    }
}
