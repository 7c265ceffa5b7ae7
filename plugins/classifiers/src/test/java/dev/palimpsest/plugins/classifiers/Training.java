package dev.palimpsest.plugins.classifiers;

import dev.palimpsest.api.Samples;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the weights of {@link Network} were made: the network, a nonlinearity and ten classes are trained by cross-entropy with Adam, whose rate falls by a
 * cosine from 1e-3 to 0, in batches of 100; colour images are mirrored at random. After {@code mvn test-compile}, in the folder of this module:
 *
 * <pre>
 * java -cp "target/classes:target/test-classes:$(../../runtime/bin/palimpsest classpath)" dev.palimpsest.plugins.classifiers.Training \
 *     fashion-classifier 300 train-images-idx3-ubyte.gz train-labels-idx1-ubyte.gz t10k-images-idx3-ubyte.gz t10k-labels-idx1-ubyte.gz
 * java -cp ... dev.palimpsest.plugins.classifiers.Training cifar-classifier 800 train.bin test.bin
 * </pre>
 *
 * writes NAME.npy here, and says how many of the test images are told. The number is that of steps. The files are those of Fashion-MNIST, and records in
 * CIFAR-10's binary layout (a byte of label, three planes of 32 x 32 bytes), of which the weights that come along have seen the first 4,000 of
 * data_batch_1.bin, and were tested on 1,000 of test_batch.bin. The order of float32 sums in the gradients depends on the number of threads (here it was
 * one), so the weights are reproduced in quality and not in bits; their checksums are in {@code ClassifiersTest}.
 */
public final class Training {
    private static final Logger LOG = LoggerFactory.getLogger(Training.class);
    private static final int CLASSES = 10;
    private static final int BATCH = 100;
    private static final int REPORTED = 20;
    private static final double RATE = 1e-3;
    private static final double WEIGHT_DECAY = 1e-4;
    private static final int LENGTH = Network.SIZE * Network.SIZE;

    /**
     * Images and what they show.
     *
     * @param images [channels x 32 x 32] bytes each
     */
    private record Labelled(int channels, byte[][] images, int[] labels) {}

    private Training() {}

    /** @param args name, steps, and the files as above */
    public static void main(String[] args) throws IOException {
        boolean colour = args.length == 4;
        Labelled training = colour ? cifar(args[2]) : fashion(args[2], args[3]);
        Labelled test = colour ? cifar(args[3]) : fashion(args[4], args[5]);
        RandomGenerator rng = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        MultiLayerNetwork network = network(training.channels(), rng);
        train(network, training, Integer.parseInt(args[1]), rng);
        LOG.info("{} of {} test images told", told(network, test), test.images().length);
        Files.write(
                Path.of(args[0] + ".npy"),
                Nd4j.toNpyByteArray(Nd4j.createFromArray(weights(network, training.channels()))));
    }

    /** The same layers as {@link Network}'s, and the classes; weights by He, biases 0. */
    private static MultiLayerNetwork network(int channels, RandomGenerator rng) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .updater(new Adam(RATE))
                .l2(WEIGHT_DECAY)
                .convolutionMode(ConvolutionMode.Truncate)
                .list();
        List<Network.Layer> convolutions = Network.layers(channels);
        for (int i = 0; i < convolutions.size(); i++) {
            Network.Layer layer = convolutions.get(i);
            layers.layer(new ConvolutionLayer.Builder(layer.kernel(), layer.kernel())
                    .nIn(layer.in())
                    .nOut(layer.out())
                    .stride(layer.stride(), layer.stride())
                    .padding(layer.padding(), layer.padding())
                    .activation(i + 1 < convolutions.size() ? Activation.RELU : Activation.IDENTITY)
                    .build());
        }
        layers.layer(new ActivationLayer(Activation.RELU));
        layers.layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                .nIn(Network.FEATURES)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build());
        layers.setInputType(InputType.convolutional(Network.SIZE, Network.SIZE, channels));
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        network.paramTable().forEach((key, parameter) -> {
            long inputs = parameter.length() / (key.startsWith("5") ? CLASSES : parameter.size(0));
            parameter.assign(
                    key.endsWith("b")
                            ? parameter.mul(0)
                            : Samples.gaussian(rng, parameter.shape()).mul(Math.sqrt(2.0 / inputs)));
        });
        return network;
    }

    private static void train(MultiLayerNetwork network, Labelled training, int steps, RandomGenerator rng) {
        int n = training.images().length;
        int used = n - n % BATCH;
        int[] order = {};
        for (int step = 0; step < steps; step++) {
            int from = step * BATCH % used;
            if (from == 0) {
                order = shuffled(n, rng);
            }
            network.setLearningRate(RATE / 2 * (1 + Math.cos(Math.PI * step / steps)));
            int[] rows = Arrays.copyOfRange(order, from, from + BATCH);
            network.fit(batch(training, rows, training.channels() > 1 ? rng : null), classes(training, rows));
            if (step % REPORTED == 0) {
                LOG.info("step {} of {}: loss {}", step, steps, network.score());
            }
        }
    }

    private static int told(MultiLayerNetwork network, Labelled test) {
        int told = 0;
        for (int from = 0; from + BATCH <= test.images().length; from += BATCH) {
            int[] rows = IntStream.range(from, from + BATCH).toArray();
            int[] predicted = network.predict(batch(test, rows, null));
            told += (int) IntStream.range(0, BATCH)
                    .filter(i -> predicted[i] == test.labels()[rows[i]])
                    .count();
        }
        return told;
    }

    /** Images in [-1, 1], mirrored at random if there is a generator. */
    private static INDArray batch(Labelled from, int[] rows, RandomGenerator mirroring) {
        int length = from.channels() * LENGTH;
        float[] values = new float[rows.length * length];
        for (int i = 0; i < rows.length; i++) {
            byte[] image = from.images()[rows[i]];
            int flip = mirroring != null && mirroring.nextBoolean() ? Network.SIZE - 1 : 0;
            for (int k = 0; k < length; k++) {
                values[i * length + k] = (image[k ^ flip] & 0xff) / 127.5f - 1;
            }
        }
        return Nd4j.createFromArray(values).reshape('c', rows.length, from.channels(), Network.SIZE, Network.SIZE);
    }

    private static INDArray classes(Labelled from, int[] rows) {
        float[] values = new float[rows.length * CLASSES];
        for (int i = 0; i < rows.length; i++) {
            values[i * CLASSES + from.labels()[rows[i]]] = 1;
        }
        return Nd4j.createFromArray(values).reshape('c', rows.length, CLASSES);
    }

    private static int[] shuffled(int n, RandomGenerator rng) {
        int[] order = IntStream.range(0, n).toArray();
        for (int i = n - 1; i > 0; i--) {
            int j = rng.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        return order;
    }

    private static float[] weights(MultiLayerNetwork network, int channels) {
        int layers = Network.layers(channels).size();
        return Nd4j.toFlattened(
                        'c',
                        IntStream.range(0, layers)
                                .boxed()
                                .flatMap(i -> List.of(network.getParam(i + "_W"), network.getParam(i + "_b")).stream())
                                .toList())
                .data()
                .asFloat();
    }

    private static Labelled fashion(String images, String labels) throws IOException {
        byte[] pixels = bytes(images);
        byte[] classes = bytes(labels);
        int n = classes.length - 8;
        byte[][] framed = new byte[n][LENGTH];
        int side = 28;
        for (int i = 0; i < n; i++) {
            for (int row = 0; row < side; row++) {
                System.arraycopy(pixels, 16 + (i * side + row) * side, framed[i], (row + 2) * Network.SIZE + 2, side);
            }
        }
        return new Labelled(
                1, framed, IntStream.range(0, n).map(i -> classes[8 + i]).toArray());
    }

    private static Labelled cifar(String file) throws IOException {
        byte[] records = bytes(file);
        int length = 1 + 3 * LENGTH;
        int n = records.length / length;
        byte[][] images = new byte[n][];
        for (int i = 0; i < n; i++) {
            images[i] = Arrays.copyOfRange(records, i * length + 1, (i + 1) * length);
        }
        return new Labelled(
                3, images, IntStream.range(0, n).map(i -> records[i * length]).toArray());
    }

    private static byte[] bytes(String file) throws IOException {
        try (InputStream in = Files.newInputStream(Path.of(file));
                InputStream plain = file.endsWith(".gz") ? new GZIPInputStream(in) : in) {
            return plain.readAllBytes();
        }
    }
}
