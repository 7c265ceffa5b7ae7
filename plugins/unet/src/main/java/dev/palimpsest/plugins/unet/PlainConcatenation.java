package dev.palimpsest.plugins.unet;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** {@link Concatenation} by ND4J's operations. */
final class PlainConcatenation implements Layer {
    private final Tensor first;
    private final Tensor second;
    private final Tensor out;

    PlainConcatenation(Tensor first, Tensor second, Tensor out) {
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
        ofFirst(out.value()).assign(first.value().array());
        ofSecond(out.value()).assign(second.value().array());
    }

    @Override
    public void backward() {
        first.addGradient(ofFirst(out.gradient()));
        second.addGradient(ofSecond(out.gradient()));
    }

    private INDArray ofFirst(Storage storage) {
        return channels(storage, 0, first.channels);
    }

    private INDArray ofSecond(Storage storage) {
        return channels(storage, first.channels, out.channels);
    }

    private static INDArray channels(Storage storage, int from, int to) {
        return storage.array()
                .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(from, to));
    }
}
