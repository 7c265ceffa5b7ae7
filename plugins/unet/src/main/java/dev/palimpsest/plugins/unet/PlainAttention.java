package dev.palimpsest.plugins.unet;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** {@link Attention} by ND4J's batches of matrix products: an image and a head are one of N heads matrices [pixels, depth]. */
final class PlainAttention implements Layer {
    private final Tensor queriesKeysValues;
    private final Tensor weights;
    private final Tensor out;
    private final int heads;
    private final int depth;
    private final double scale;

    PlainAttention(Tensor queriesKeysValues, Tensor out, int heads) {
        this.queriesKeysValues = queriesKeysValues;
        this.out = out;
        this.heads = heads;
        weights = Attention.weights(out, heads);
        depth = out.channels / heads;
        scale = 1 / Math.sqrt(depth);
    }

    @Override
    public List<Tensor> tensors() {
        return List.of(queriesKeysValues, weights, out);
    }

    @Override
    public void forward() {
        INDArray values = queriesKeysValues.value().array();
        INDArray scores = product(part(values, 0), false, part(values, 1), true).muli(scale);
        INDArray softmax = Nd4j.nn().softmax(scores, -1);
        weights.value().array().assign(softmax.reshape('c', out.items, heads, out.pixels(), out.pixels()));
        result(out.value()).assign(ofImages(product(softmax, false, part(values, 2), false)));
    }

    @Override
    public void backward() {
        INDArray values = queriesKeysValues.value().array();
        INDArray p = weights.value().array().reshape('c', out.items * heads, out.pixels(), out.pixels());
        INDArray outer = matrices(result(out.gradient()));
        INDArray dp = product(outer, false, part(values, 2), true);
        INDArray weighted = dp.mul(p);
        INDArray scores = weighted.sub(p.mul(weighted.sum(true, 2))).muli(scale);

        INDArray gradient = values.ulike();
        view(gradient, 0).assign(ofImages(product(scores, false, part(values, 1), false)));
        view(gradient, 1).assign(ofImages(product(scores, true, part(values, 0), false)));
        view(gradient, 2).assign(ofImages(product(p, true, outer, false)));
        queriesKeysValues.addGradient(gradient);
    }

    private static INDArray product(INDArray a, boolean transposeA, INDArray b, boolean transposeB) {
        return Nd4j.matmul(a, b, transposeA, transposeB, false);
    }

    /** q, k or v, [N heads, pixels, depth]. */
    private INDArray part(INDArray values, int index) {
        return matrices(view(values, index));
    }

    /** q, k or v, [N, pixels, heads, depth], in the memory of all three. */
    private INDArray view(INDArray values, int index) {
        return values.reshape('c', out.items, out.pixels(), heads, 3, depth)
                .get(
                        NDArrayIndex.all(),
                        NDArrayIndex.all(),
                        NDArrayIndex.all(),
                        NDArrayIndex.point(index),
                        NDArrayIndex.all());
    }

    private INDArray result(Storage storage) {
        return storage.array().reshape('c', out.items, out.pixels(), heads, depth);
    }

    /** [N heads, pixels, depth] of [N, pixels, heads, depth]. */
    private INDArray matrices(INDArray ofImages) {
        return ofImages.permute(0, 2, 1, 3).dup('c').reshape('c', out.items * heads, out.pixels(), depth);
    }

    /** The inverse of {@link #matrices}. */
    private INDArray ofImages(INDArray matrices) {
        return matrices.dup('c')
                .reshape('c', out.items, heads, out.pixels(), depth)
                .permute(0, 2, 1, 3);
    }
}
