package dev.palimpsest.plugins.mlp;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.LossGradient;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** The perceptron, as a DL4J network without a loss of its own. */
final class MlpNetwork implements DriftNetwork {
    private final MlpInput input;
    private final MultiLayerNetwork network;

    MlpNetwork(MlpInput input, List<Integer> widths, long seed) {
        this.input = input;
        // DL4J seeds ND4J's global random state when it builds a network: give it back as it was.
        Random global = Nd4j.getRandom();
        long root = global.rootState();
        long node = global.nodeState();
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .updater(new NoOp())
                .trainingWorkspaceMode(WorkspaceMode.NONE)
                .inferenceWorkspaceMode(WorkspaceMode.NONE)
                .list();
        long in = input.size();
        for (int width : widths) {
            layers.layer(layer(in, width, Activation.SWISH));
            in = width;
        }
        layers.layer(layer(in, input.itemSize(), Activation.IDENTITY));
        network = new MultiLayerNetwork(layers.build());
        network.init(Nd4j.createFromArray(initialWeights(input, widths, seed)).reshape(1, -1), false);
        network.initGradientsView();
        global.setStates(root, node);
    }

    @Override
    public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
        return input.unflatten(network.output(input.rows(t, x, conditioning), false));
    }

    @Override
    public LossGradient squaredError(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
        network.setInput(input.rows(t, x, conditioning));
        List<INDArray> activations = network.feedForward(true, false);
        INDArray error = activations.get(activations.size() - 1).sub(input.flatten(target));
        double norm = error.norm2Number().doubleValue();
        double loss = norm * norm / error.length();
        network.backpropGradient(error.muli(2.0 / error.length()), LayerWorkspaceMgr.noWorkspaces());
        return new LossGradient(loss, flat(network.getFlattenedGradients()));
    }

    @Override
    public INDArray parameters() {
        return flat(network.params());
    }

    private static INDArray flat(INDArray view) {
        return view.reshape(view.length());
    }

    private static DenseLayer layer(long in, long out, Activation activation) {
        return new DenseLayer.Builder().nIn(in).nOut(out).activation(activation).build();
    }

    /** Weights N(0, 2 / inputs) (He et al., arXiv 1502.01852), zero biases, and zeros for the whole last layer. */
    private static float[] initialWeights(MlpInput input, List<Integer> widths, long seed) {
        RandomGenerator rng = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        long in = input.size();
        long count = 0;
        for (int width : widths) {
            count += (in + 1) * width;
            in = width;
        }
        float[] weights = new float[Math.toIntExact(count + (in + 1) * input.itemSize())];
        in = input.size();
        int next = 0;
        for (int width : widths) {
            double deviation = Math.sqrt(2.0 / in);
            for (long i = 0; i < in * width; i++) {
                weights[next++] = (float) (deviation * rng.nextGaussian());
            }
            next += width;
            in = width;
        }
        return weights;
    }
}
