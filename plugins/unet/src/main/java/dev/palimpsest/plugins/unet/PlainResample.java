package dev.palimpsest.plugins.unet;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link Resample} by ND4J's operations, on images seen as [N, H, 2, W, 2, C], with the size of the coarse image. */
final class PlainResample implements Layer {
    private static final float MEAN_OF_FOUR = 0.25f;

    private final Tensor in;
    private final Tensor out;

    PlainResample(Tensor in, Tensor out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public List<Tensor> tensors() {
        return List.of(in, out);
    }

    @Override
    public void forward() {
        if (out.height < in.height) {
            out.value().array().assign(sum(in.value().array()).muli(MEAN_OF_FOUR));
        } else {
            out.value().array().assign(repeat(in.value().array()));
        }
    }

    @Override
    public void backward() {
        if (out.height < in.height) {
            in.addGradient(repeat(out.gradient().array()).muli(MEAN_OF_FOUR));
        } else {
            in.addGradient(sum(out.gradient().array()));
        }
    }

    /** The sums of 2x2 pixels. */
    private static INDArray sum(INDArray fine) {
        long[] shape = fine.shape().clone();
        return fine.reshape('c', shape[0], shape[1] / 2, 2, shape[2] / 2, 2, shape[3])
                .sum(2, 4);
    }

    /** Each pixel 2x2 times. */
    private static INDArray repeat(INDArray coarse) {
        long[] shape = coarse.shape().clone();
        return coarse.reshape('c', shape[0], shape[1], 1, shape[2], 1, shape[3])
                .broadcast(shape[0], shape[1], 2, shape[2], 2, shape[3])
                .reshape('c', shape[0], 2 * shape[1], 2 * shape[2], shape[3]);
    }
}
