package dev.palimpsest.plugins.classifiers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A classifier up to its features: 64 numbers, before the nonlinearity that the classes are read from.
 *
 * <pre>
 * [c, 32, 32] - convolution 3 x 3, stride 2, ReLU - [32, 16, 16] - the same - [64, 8, 8] - the same - [64, 4, 4] - all to all - [64]
 * </pre>
 *
 * The weights are a resource of the name of the network, {@code .npy}, float32: for each layer those of [out, in, height, width], then a bias for each out.
 */
final class Network {
    static final int SIZE = 32;
    static final int FEATURES = 64;

    /** How many items go through at once, always: so the order of sums does not depend on what else is asked for. */
    private static final int BATCH = 100;

    /**
     * A convolution.
     *
     * @param padding of zeros on each side
     */
    record Layer(int in, int out, int kernel, int stride, int padding) {
        int weights() {
            return out * in * kernel * kernel;
        }
    }

    private final String name;
    private final int channels;
    private final String checksum;
    private final List<INDArray> weights;
    private final List<INDArray> biases;

    /** @param name of the network and of its weights */
    Network(String name, int channels) {
        this.name = name;
        this.channels = channels;
        byte[] file = resource(name + ".npy");
        checksum = sha256(file);
        float[] values = Nd4j.createNpyFromByteArray(file).dup('c').data().asFloat();
        List<Layer> layers = layers(channels);
        int[] starts = starts(layers);
        weights = IntStream.range(0, layers.size())
                .mapToObj(i -> kernels(layers.get(i), values, starts[i]))
                .toList();
        biases = IntStream.range(0, layers.size())
                .mapToObj(i -> biases(layers.get(i), values, starts[i]))
                .toList();
    }

    static List<Layer> layers(int channels) {
        return List.of(
                new Layer(channels, 32, 3, 2, 1),
                new Layer(32, 64, 3, 2, 1),
                new Layer(64, 64, 3, 2, 1),
                new Layer(64, FEATURES, SIZE / 8, 1, 0));
    }

    String checksum() {
        return checksum;
    }

    /** @throws IllegalArgumentException for items of another shape */
    INDArray features(INDArray x) {
        if (x.rank() != 4 || x.size(1) != channels || x.size(2) != SIZE || x.size(3) != SIZE) {
            throw new IllegalArgumentException(name + " takes items of shape [" + channels + ", 32, 32], got "
                    + Arrays.toString(Arrays.copyOfRange(x.shape(), 1, x.rank()))
                    + "; take the features of an ONNX model, or leave them out");
        }
        int n = (int) x.size(0);
        float[] items = x.dup('c').data().asFloat();
        int length = channels * SIZE * SIZE;
        float[] features = new float[n * FEATURES];
        for (int from = 0; from < n; from += BATCH) {
            int count = Math.min(BATCH, n - from);
            float[] batch = new float[BATCH * length];
            System.arraycopy(items, from * length, batch, 0, count * length);
            float[] of = through(Nd4j.createFromArray(batch).reshape('c', BATCH, channels, SIZE, SIZE));
            System.arraycopy(of, 0, features, from * FEATURES, count * FEATURES);
        }
        return Nd4j.createFromArray(features).reshape('c', n, FEATURES);
    }

    private float[] through(INDArray batch) {
        List<Layer> layers = layers(channels);
        INDArray state = batch;
        for (int i = 0; i < layers.size(); i++) {
            INDArray convolved = convolution(state, layers.get(i), weights.get(i), biases.get(i));
            state = i + 1 < layers.size()
                    ? Nd4j.math().max(convolved, convolved.ulike().assign(0))
                    : convolved;
        }
        return state.dup('c').data().asFloat();
    }

    private static INDArray convolution(INDArray x, Layer layer, INDArray weights, INDArray bias) {
        int size = ((int) x.size(2) + 2 * layer.padding() - layer.kernel()) / layer.stride() + 1;
        INDArray y = Nd4j.create(x.size(0), layer.out(), size, size);
        // kernel, stride, padding, dilation, padding as given, channels first, weights [out, in, height, width]
        Nd4j.exec(DynamicCustomOp.builder("conv2d")
                .addInputs(x, weights, bias)
                .addOutputs(y)
                .addIntegerArguments(
                        layer.kernel(),
                        layer.kernel(),
                        layer.stride(),
                        layer.stride(),
                        layer.padding(),
                        layer.padding(),
                        1,
                        1,
                        0,
                        0,
                        1)
                .build());
        return y;
    }

    private static int[] starts(List<Layer> layers) {
        int[] starts = new int[layers.size()];
        for (int i = 1; i < starts.length; i++) {
            Layer before = layers.get(i - 1);
            starts[i] = starts[i - 1] + before.weights() + before.out();
        }
        return starts;
    }

    private static INDArray kernels(Layer layer, float[] values, int from) {
        return Nd4j.createFromArray(Arrays.copyOfRange(values, from, from + layer.weights()))
                .reshape('c', layer.out(), layer.in(), layer.kernel(), layer.kernel());
    }

    private static INDArray biases(Layer layer, float[] values, int from) {
        int start = from + layer.weights();
        return Nd4j.createFromArray(Arrays.copyOfRange(values, start, start + layer.out()));
    }

    private static byte[] resource(String file) {
        try (InputStream in = Network.class.getResourceAsStream(file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + " of the plugin's JAR: " + e, e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new AssertionError(everyJavaHasIt);
        }
    }
}
