package dev.palimpsest.plugins.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A loaded ONNX model, of which one input and one output are used. What ONNX Runtime says against it becomes an IllegalArgumentException that names the file. */
final class Model implements AutoCloseable {
    /** Items that go through at once, where the model does not say. */
    private static final int BATCH = 32;

    private final Path file;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final String input;
    private final String output;

    private Model(
            Path file,
            OrtEnvironment environment,
            OrtSession session,
            Optional<String> input,
            Optional<String> output) {
        this.file = file;
        this.environment = environment;
        this.session = session;
        this.input = named("input", input, session.getInputNames());
        this.output = named("output", output, session.getOutputNames());
    }

    static Model load(Path file, Optional<String> input, Optional<String> output) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            // sums in one thread do not depend on how many there are; batches go to several
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            OrtSession session = environment.createSession(file.toString(), options);
            try {
                return new Model(file, environment, session, input, output);
            } catch (IllegalArgumentException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            throw refused(file, e);
        }
    }

    private String named(String key, Optional<String> name, Set<String> names) {
        String chosen = name.orElseGet(() -> names.iterator().next());
        if (!names.contains(chosen)) {
            throw new IllegalArgumentException(
                    key + ": " + file + " has no " + key + " \"" + chosen + "\"; it has " + String.join(", ", names));
        }
        if (key.equals("input") && names.size() > 1) {
            throw new IllegalArgumentException(file + " needs " + names.size() + " inputs (" + String.join(", ", names)
                    + "), expected a model of one");
        }
        return chosen;
    }

    /** [N, d]. */
    INDArray features(INDArray x, Intake intake) {
        long[] taken = shape();
        Intake.Sizes sizes = intake.sizes(x.shape(), taken);
        int batch = taken[0] > 0 ? Math.toIntExact(taken[0]) : BATCH;
        int n = Math.toIntExact(x.size(0));
        float[] items = x.dup('c').data().asFloat();
        float[][] ofBatches = new float[(n + batch - 1) / batch][];
        IntStream.range(0, ofBatches.length).parallel().forEach(b -> {
            int from = b * batch;
            int count = Math.min(batch, n - from);
            // a model of a fixed batch gets it whole, the last one filled with zeros
            int size = taken[0] > 0 ? batch : count;
            float[] values = new float[size * sizes.length()];
            for (int k = 0; k < count; k++) {
                intake.put(items, from + k, sizes, values, k);
            }
            float[] features = run(values, intake.shape(size, sizes));
            ofBatches[b] = Arrays.copyOf(features, features.length / size * count);
        });
        int d = ofBatches[0].length / Math.min(batch, n);
        float[] all = new float[n * d];
        for (int b = 0; b < ofBatches.length; b++) {
            System.arraycopy(ofBatches[b], 0, all, b * batch * d, ofBatches[b].length);
        }
        return Nd4j.createFromArray(all).reshape('c', n, d);
    }

    private float[] run(float[] values, long[] shape) {
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
                OrtSession.Result result = session.run(Map.of(input, tensor), Set.of(output))) {
            OnnxTensor computed = result.get(0) instanceof OnnxTensor given ? given : null;
            if (computed == null || computed.getInfo().type != OnnxJavaType.FLOAT) {
                throw new IllegalArgumentException(
                        "output: " + file + " gives no tensor of float32 as \"" + output + "\"; name another output");
            }
            long[] given = computed.getInfo().getShape();
            if (given.length < 2 || given[0] != shape[0]) {
                throw new IllegalArgumentException("output: expected features [" + shape[0] + ", ...] of \"" + output
                        + "\" for " + shape[0] + " items, got " + Arrays.toString(given));
            }
            float[] features = new float[computed.getFloatBuffer().remaining()];
            computed.getFloatBuffer().get(features);
            return features;
        } catch (OrtException e) {
            throw refused(file, e);
        }
    }

    /** Of the input, -1 where any size goes. */
    private long[] shape() {
        try {
            NodeInfo info = session.getInputInfo().get(input);
            if (info.getInfo() instanceof TensorInfo tensor && tensor.type == OnnxJavaType.FLOAT) {
                return tensor.getShape();
            }
            throw new IllegalArgumentException(
                    "input: expected one of float32, but \"" + input + "\" of " + file + " is " + info.getInfo());
        } catch (OrtException e) {
            throw refused(file, e);
        }
    }

    private static IllegalArgumentException refused(Path file, OrtException e) {
        return new IllegalArgumentException(
                file + " cannot be used: ONNX Runtime says "
                        + String.valueOf(e.getMessage()).strip().replaceAll("\\s+", " "),
                e);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw refused(file, e);
        }
    }
}
