package dev.palimpsest.plugins.onnx;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.FeatureMap;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The output of any ONNX model as features, [N, ...] flattened to [N, d], computed by ONNX Runtime in one thread a batch.
 *
 * <p>A pixel x in [-1, 1] goes in as ((x + 1) / 2 - mean) / deviation. Images are resized to what the model takes, bilinearly between pixel centres and
 * without smoothing, where it says a size; one channel is repeated where it takes more. Vectors [N, d] go into models that take those. A model may take
 * batches of a fixed size.
 */
@Doc("features that any ONNX model computes")
public record Onnx(
        @Doc("the ONNX file") Path model,

        @Doc("the name of the input; without it, the model's only one")
        Optional<String> input,

        @Doc("the name of the output that is taken as features; without it, the model's first one")
        Optional<String> output,

        @Doc("the order of an image's axes in the model") Layout layout,

        @Doc("what is subtracted from pixels in [0, 1], one number or one a channel")
        List<Double> mean,

        @Doc("what they are then divided by, one number or one a channel") @Range(above = 0)
        List<Double> deviation)
        implements FeatureMap {

    /** Batch, channels, height, width; or batch, height, width, channels. */
    public enum Layout {
        NCHW,
        NHWC
    }

    public Onnx {
        Ranges.check(Onnx.class, model, input, output, layout, mean, deviation);
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        if (mean.isEmpty() || deviation.isEmpty()) {
            throw new IllegalArgumentException("mean and deviation need a number each, or one a channel");
        }
    }

    public Onnx() {
        this(Path.of(""), Optional.empty(), Optional.empty(), Layout.NCHW, List.of(0.5), List.of(0.5));
    }

    @Override
    public INDArray of(INDArray x) {
        requireFile();
        try (Model loaded = Model.load(model, input, output)) {
            return loaded.features(x, new Intake(layout, mean, deviation));
        }
    }

    @Override
    public String name() {
        return "onnx " + model.getFileName();
    }

    @Override
    public String checksum() {
        requireFile();
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(model)));
        } catch (IOException e) {
            throw new UncheckedIOException(model + ": cannot be read: " + e, e);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new AssertionError(everyJavaHasIt);
        }
    }

    private void requireFile() {
        if (!Files.isRegularFile(model)) {
            throw new IllegalArgumentException("model: expected an ONNX file, but there is none at \"" + model
                    + "\"; paths are relative to the recipe");
        }
    }
}
