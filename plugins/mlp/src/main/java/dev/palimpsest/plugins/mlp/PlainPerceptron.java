package dev.palimpsest.plugins.mlp;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** ND4J's operations alone: for every backend. How it sums is the backend's affair, and may depend on the number of threads. */
final class PlainPerceptron implements Perceptron {
    private final List<Layer> layers = new ArrayList<>();

    /** @param sizes of the input, of the hidden layers and of the output */
    PlainPerceptron(List<Integer> sizes, INDArray parameters, INDArray gradient) {
        long start = 0;
        for (int layer = 1; layer < sizes.size(); layer++) {
            int in = sizes.get(layer - 1);
            int out = sizes.get(layer);
            layers.add(new Layer(
                    part(parameters, start, out, in),
                    part(parameters, start + (long) in * out, out),
                    part(gradient, start, out, in),
                    part(gradient, start + (long) in * out, out)));
            start += (in + 1L) * out;
        }
    }

    private static INDArray part(INDArray flat, long start, long... shape) {
        long length = shape.length == 1 ? shape[0] : shape[0] * shape[1];
        return flat.get(NDArrayIndex.interval(start, start + length)).reshape('c', shape);
    }

    /** Views of W [out, in] and b [out], and of their gradients. */
    private record Layer(INDArray weights, INDArray biases, INDArray weightGradient, INDArray biasGradient) {
        /** x W^T + b. */
        INDArray affine(INDArray x) {
            return x.mmul(weights.transpose()).addiRowVector(biases);
        }

        void differentiate(INDArray x, INDArray delta) {
            weightGradient.assign(delta.transpose().mmul(x));
            biasGradient.assign(delta.sum(0));
        }
    }

    @Override
    public INDArray forward(INDArray rows) {
        INDArray z = layers.get(0).affine(rows);
        for (Layer layer : layers.subList(1, layers.size())) {
            z = layer.affine(silu(z));
        }
        return z.dup('c');
    }

    @Override
    public double squaredError(INDArray rows, INDArray target) {
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
            layers.get(i).differentiate(inputs.get(i), delta);
            delta = delta.mmul(layers.get(i).weights()).muli(slope(sums.get(i - 1)));
        }
        layers.get(0).differentiate(rows, delta);
        double sum = 0;
        for (float e : error.dup('c').data().asFloat()) {
            sum += (double) e * e;
        }
        return sum / target.length();
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
