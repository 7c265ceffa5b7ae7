package dev.palimpsest.plugins.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.FeatureMap;
import dev.palimpsest.api.Samples;
import dev.palimpsest.testkit.contract.FeatureMapContract;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The models of make_models.py, whose features are known in closed form. */
class OnnxTest implements FeatureMapContract {
    @TempDir
    Path folder;

    private static Path model(String name) {
        try {
            return Path.of(OnnxTest.class.getResource(name + ".onnx").toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static Onnx onnx(Path model, Onnx.Layout layout, List<Double> mean, List<Double> deviation) {
        return new Onnx(model, Optional.empty(), Optional.empty(), layout, mean, deviation);
    }

    private static Onnx asItIs(String name) {
        return onnx(model(name), Onnx.Layout.NCHW, List.of(.5), List.of(.5));
    }

    private static INDArray images(long... shape) {
        return Samples.uniform(RandomGeneratorFactory.of("L64X128MixRandom").create(3), shape)
                .muli(2)
                .subi(1);
    }

    private static float[] values(INDArray array) {
        return array.dup('c').data().asFloat();
    }

    @Override
    public FeatureMap featureMap() {
        return asItIs("average");
    }

    @Test
    void the_average_of_each_channel_is_its_mean() {
        INDArray x = images(70, 3, 6, 5);
        INDArray features = asItIs("average").of(x);
        assertThat(features.shape()).containsExactly(70, 3);
        // float32 sums of 30 values below 1
        assertThat(values(features)).containsExactly(values(x.mean(2, 3)), within(1e-6f));
    }

    @Test
    void pixels_are_scaled_by_mean_and_deviation_of_each_channel() {
        INDArray x = Nd4j.zeros(2, 3, 4, 4).addi(.5);
        Onnx scaled = onnx(model("average"), Onnx.Layout.NCHW, List.of(.25, .5, .75), List.of(.5, .25, 2.0));
        // (.5 + 1) / 2 = .75
        assertThat(values(scaled.of(x))).containsExactly(new float[] {1, 1, 0, 1, 1, 0}, within(1e-6f));
    }

    @Test
    void a_linear_model_takes_vectors() {
        INDArray x = Nd4j.createFromArray(new float[][] {{1, 0, -1}, {2, 3, .5f}});
        assertThat(values(asItIs("linear").of(x))).containsExactly(new float[] {-1.5f, -6, 10, -3}, within(1e-5f));
    }

    @Test
    void channels_may_be_the_last_axis() {
        INDArray x = images(3, 3, 5, 4);
        Onnx last = onnx(model("last"), Onnx.Layout.NHWC, List.of(.5), List.of(.5));
        assertThat(values(last.of(x))).containsExactly(values(x.mean(2, 3)), within(1e-6f));
    }

    /** A plane a i + b j stays one between the centres of pixels: at half the size each new pixel is the mean of four old ones. */
    @Test
    void images_are_brought_to_the_size_batch_and_channels_that_a_model_takes() {
        INDArray x = images(5, 1, 8, 8);
        INDArray features = asItIs("fixed").of(x);
        assertThat(features.shape()).containsExactly(5, 48);
        for (int n = 0; n < 5; n++) {
            for (int c = 0; c < 3; c++) {
                for (int i = 0; i < 4; i++) {
                    for (int j = 0; j < 4; j++) {
                        double four = x.getDouble(n, 0, 2 * i, 2 * j)
                                + x.getDouble(n, 0, 2 * i + 1, 2 * j)
                                + x.getDouble(n, 0, 2 * i, 2 * j + 1)
                                + x.getDouble(n, 0, 2 * i + 1, 2 * j + 1);
                        assertThat(features.getDouble(n, (c * 4 + i) * 4 + j)).isEqualTo(four / 4, within(1e-6));
                    }
                }
            }
        }
    }

    @Test
    void the_checksum_is_that_of_the_file_and_the_name_its_name() throws IOException {
        Path copy = folder.resolve("copy.onnx");
        Files.write(copy, Files.readAllBytes(model("average")));
        Onnx other = onnx(copy, Onnx.Layout.NCHW, List.of(.5), List.of(.5));
        assertThat(other.name()).isEqualTo("onnx copy.onnx");
        assertThat(other.checksum())
                .isEqualTo(asItIs("average").checksum())
                .isNotEqualTo(asItIs("linear").checksum());
    }

    @Test
    void what_cannot_be_used_is_said_in_one_sentence() throws IOException {
        INDArray x = images(2, 3, 8, 8);
        assertThatThrownBy(() -> new Onnx().of(x))
                .hasMessageStartingWith("model: expected an ONNX file, but there is none");
        Path page = Files.writeString(folder.resolve("page.onnx"), "<html>404</html>");
        assertThatThrownBy(() ->
                        onnx(page, Onnx.Layout.NCHW, List.of(.5), List.of(.5)).of(x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(page + " cannot be used: ONNX Runtime says ");
        assertThatThrownBy(() -> new Onnx(
                                model("average"),
                                Optional.of("pixels"),
                                Optional.empty(),
                                Onnx.Layout.NCHW,
                                List.of(.5),
                                List.of(.5))
                        .of(x))
                .hasMessageEndingWith("has no input \"pixels\"; it has x");
        assertThatThrownBy(() -> asItIs("linear").of(x))
                .hasMessage(
                        "the model's input is [-1, 3] (NCHW), items are [2, 3, 8, 8]: items and input must both be images,"
                                + " or both be vectors");
        assertThatThrownBy(() -> asItIs("fixed").of(images(2, 2, 8, 8)))
                .hasMessageContaining("the number of channels or values must be the model's");
        assertThatThrownBy(() -> onnx(model("average"), Onnx.Layout.NCHW, List.of(.5, .5), List.of(.5))
                        .of(x))
                .hasMessage("mean: expected 1 number, or 3, one a channel, got 2");
    }

    @Test
    void a_scale_of_nothing_is_refused() {
        assertThatThrownBy(() -> onnx(model("average"), Onnx.Layout.NCHW, List.of(), List.of(.5)))
                .hasMessageContaining("mean and deviation need a number each");
        assertThatThrownBy(() -> onnx(model("average"), Onnx.Layout.NCHW, List.of(.5), List.of(0.0)))
                .hasMessageContaining("deviation must be above 0");
    }
}
