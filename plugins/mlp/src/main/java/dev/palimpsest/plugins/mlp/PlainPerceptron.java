package dev.palimpsest.plugins.mlp;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** ND4J's operations alone: for every backend. How it sums is the backend's affair, and may depend on the number of threads. */
final class PlainPerceptron implements Perceptron {
    private final List<Layer> layers = new ArrayList<>();
    private final List<Layer> gradients = new ArrayList<>();

    private final MlpInput input;
    private final List<Integer> sizes;

    /** @param sizes of the input, of the hidden layers and of the output */
    PlainPerceptron(MlpInput input, List<Integer> sizes, INDArray parameters) {
        this.input = input;
        this.sizes = List.copyOf(sizes);
        layers.addAll(views(parameters));
    }

    @Override
    public void holdGradient(INDArray gradient) {
        gradients.addAll(views(gradient));
    }

    private List<Layer> views(INDArray flat) {
        List<Layer> views = new ArrayList<>();
        long start = 0;
        for (int layer = 1; layer < sizes.size(); layer++) {
            int in = sizes.get(layer - 1);
            int out = sizes.get(layer);
            views.add(new Layer(part(flat, start, out, in), part(flat, start + (long) in * out, out)));
            start += (in + 1L) * out;
        }
        return views;
    }

    private static INDArray part(INDArray flat, long start, long... shape) {
        long length = shape.length == 1 ? shape[0] : shape[0] * shape[1];
        return flat.get(NDArrayIndex.interval(start, start + length)).reshape('c', shape);
    }

    /** Views of W [out, in] and b [out]. */
    private record Layer(INDArray weights, INDArray biases) {
        /** x W^T + b. */
        INDArray affine(INDArray x) {
            return x.mmul(weights.transpose()).addiRowVector(biases);
        }
    }

    @Override
    public INDArray forward(MlpInput.Batch batch) {
        try (INDArray rows = input.rows(batch)) {
            return input.unflatten(forward(rows));
        }
    }

    private INDArray forward(INDArray rows) {
        INDArray z = layers.get(0).affine(rows);
        for (Layer layer : layers.subList(1, layers.size())) {
            z = layer.affine(silu(z));
        }
        return z.dup('c');
    }

    @Override
    public double squaredError(MlpInput.Batch batch, INDArray target) {
        try (INDArray rows = input.rows(batch);
                INDArray wanted = input.flatten(target)) {
            return squaredError(rows, wanted);
        }
    }

    private double squaredError(INDArray rows, INDArray target) {
        List<INDArray> sums = new ArrayList<>();
        List<INDArray> inputs = new ArrayList<>(List.of(rows));
        for (Layer layer : layers) {
            INDArray z = layer.affine(inputs.get(sums.size()));
            sums.add(z);
            inputs.add(silu(z));
        }
        int last = layers.size() - 1;
        INDArray error = sums.get(last).sub(target);
        INDArray delta = error.mul(2f / target.length());
        for (int i = last; i > 0; i--) {
            differentiate(i, inputs.get(i), delta);
            delta = delta.mmul(layers.get(i).weights()).muli(slope(sums.get(i - 1)));
        }
        differentiate(0, rows, delta);
        double sum = 0;
        for (float e : error.dup('c').data().asFloat()) {
            sum += (double) e * e;
        }
        return sum / target.length();
    }

    private void differentiate(int layer, INDArray x, INDArray delta) {
        gradients.get(layer).weights().assign(delta.transpose().mmul(x));
        gradients.get(layer).biases().assign(delta.sum(0));
    }

    private static INDArray silu(INDArray z) {
        return Transforms.sigmoid(z, true).muli(z);
    }

    /** s + z s (1 - s), with s = sigmoid(z). */
    private static INDArray slope(INDArray z) {
        INDArray s = Transforms.sigmoid(z, true);
        return s.rsub(1).muli(s).muli(z).addi(s);
    }
}
