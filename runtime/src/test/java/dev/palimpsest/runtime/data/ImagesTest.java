package dev.palimpsest.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class ImagesTest {
    /** Half a grey level of 16 bits, and what rounding to float32 adds. */
    private static final Offset<Float> LEVEL = within(1.1f / 65535);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"shrunk,2,3", "enlarged,9,11", "both,3,14"})
    void a_picture_is_scaled_as_pillow_scales_it(String name, int height, int width) {
        INDArray picture = Npy.read(NpyTest.golden("picture"));
        Planes scaled = Resampling.of(new Planes(1, 5, 7, picture.dup().data().asFloat()), height, width);
        INDArray expected = Npy.read(NpyTest.golden("picture-" + name));
        assertThat(expected.shape()).containsExactly(height, width);
        float[] values = expected.dup().data().asFloat();
        assertThat(scaled.values()).hasSize(values.length);
        for (int i = 0; i < values.length; i++) {
            // Each value is a mean of numbers of at most 1.2: float32 rounds Pillow's two passes by a unit of 1.2e-7
            // each.
            assertThat(scaled.values()[i]).isCloseTo(values[i], within(3e-7f));
        }
    }

    @Test
    void images_in_folders_inside_are_taken_in_the_order_of_their_paths() throws Exception {
        grey("b/2.png", 1, 1, 0.2f);
        grey("a.png", 1, 1, -1);
        grey("b/1.tiff", 1, 1, 0);
        grey("b/a/9.png", 1, 1, 0.4f);
        grey(".hidden/x.png", 1, 1, 1);
        Files.writeString(folder.resolve("b/notes.txt"), "not an image");
        float[] values = all(new ImageItems(folder, 0, 0)).data().asFloat();
        assertThat(values).containsExactly(new float[] {-1, 0, 0.2f, 0.4f}, LEVEL);
    }

    @Test
    void a_folder_that_is_a_link_is_followed() throws Exception {
        grey("real/1.png", 1, 1, 1);
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
        assertThat(all(new ImageItems(link, 0, 0)).data().asFloat()).containsExactly(1);
    }

    @Test
    void images_of_several_sizes_are_an_error_that_says_how_to_make_them_alike() {
        grey("a.png", 2, 3, 0);
        grey("b.png", 3, 2, 0);
        assertThatThrownBy(() -> all(new ImageItems(folder, 0, 0)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(
                        "b.png: expected an image like a.png, grey and 3 wide, 2 high, got grey and 2 wide, 3 high;"
                                + " say data.crop=[height,width] or data.resize=[height,width]");
    }

    @Test
    void the_middle_is_cut_out() {
        float[] values = new float[5 * 4];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / 20f;
        }
        write("a.png", new Planes(1, 5, 4, values));
        // Rows 1 to 3 of 0 to 4, and columns 1 and 2 of 0 to 3.
        float[] middle = {5 / 20f, 6 / 20f, 9 / 20f, 10 / 20f, 13 / 20f, 14 / 20f};
        INDArray x = all(fitted(Optional.empty(), Optional.of(List.of(3, 2)), Optional.empty()));
        assertThat(x.shape()).containsExactly(1, 1, 3, 2);
        assertThat(x.data().asFloat()).containsExactly(middle, LEVEL);
    }

    @Test
    void an_image_that_is_too_small_to_be_cut_is_named() {
        grey("a.png", 8, 8, 0);
        grey("b.png", 8, 3, 0);
        assertThatThrownBy(() -> all(fitted(Optional.empty(), Optional.of(List.of(4, 4)), Optional.empty())))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("b.png: expected an image of at least 4 wide, 4 high");
    }

    @Test
    void images_of_several_sizes_are_scaled_and_then_cut() {
        grey("a.png", 8, 8, 0.5f);
        grey("b.png", 3, 5, -0.5f);
        INDArray x = all(fitted(Optional.of(List.of(6, 6)), Optional.of(List.of(4, 2)), Optional.empty()));
        assertThat(x.shape()).containsExactly(2, 1, 4, 2);
        assertThat(x.getFloat(0, 0, 3, 1)).isCloseTo(0.5f, LEVEL);
        assertThat(x.getFloat(1, 0, 0, 0)).isCloseTo(-0.5f, LEVEL);
    }

    @Test
    void grey_and_colour_together_are_an_error_or_made_alike() {
        grey("a.png", 1, 1, 0.5f);
        write("b.png", new Planes(3, 1, 1, new float[] {1, -1, 0}));
        assertThatThrownBy(() -> all(new ImageItems(folder, 0, 0)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("b.png: expected an image like a.png")
                .hasMessageContaining("say data.channels=1 or data.channels=3");
        assertThat(all(fitted(Optional.empty(), Optional.empty(), Optional.of(1)))
                        .data()
                        .asFloat())
                .containsExactly(new float[] {0.5f, (float) (0.299 - 0.587)}, within(2.1f / 65535));
        assertThat(all(fitted(Optional.empty(), Optional.empty(), Optional.of(3)))
                        .data()
                        .asFloat())
                .containsExactly(new float[] {0.5f, 0.5f, 0.5f, 1, -1, 0}, LEVEL);
    }

    @Test
    void keys_that_no_image_can_have_are_an_error() {
        assertThatThrownBy(() -> fitted(Optional.of(List.of(32)), Optional.empty(), Optional.empty()))
                .hasMessageContaining("resize must be [height, width]");
        assertThatThrownBy(() -> fitted(Optional.empty(), Optional.of(List.of(0, 3)), Optional.empty()))
                .hasMessageContaining("crop must be [height, width]");
        assertThatThrownBy(() -> fitted(Optional.empty(), Optional.empty(), Optional.of(2)))
                .hasMessageContaining("channels must be 1 or 3, got 2");
    }

    @Test
    void only_the_images_that_are_asked_for_are_decoded() throws Exception {
        grey("a.png", 1, 1, 0.5f);
        Files.writeString(folder.resolve("b.png"), "not an image");
        try (Items items = new ImageItems(folder, 0, 0).open(places(), new RandomStreams(1))) {
            Table x = ((Items.Clean) items).x();
            assertThat(x.count()).isEqualTo(2);
            assertThat(x.rows(new int[] {0}).getFloat(0)).isCloseTo(0.5f, LEVEL);
            assertThatThrownBy(() -> x.rows(new int[] {1})).hasMessageContaining("b.png: expected a PNG");
        }
    }

    private ImageItems fitted(
            Optional<List<Integer>> resize, Optional<List<Integer>> crop, Optional<Integer> channels) {
        return new ImageItems(folder, resize, crop, channels, Optional.empty(), Optional.empty(), false, 0, 0);
    }

    private INDArray all(DataSource source) {
        try (Items items = source.open(places(), new RandomStreams(1))) {
            Table x = ((Items.Clean) items).x();
            return x.rows(IntStream.range(0, x.count()).toArray());
        }
    }

    private Places places() {
        return new Places(folder, folder, folder);
    }

    private void grey(String name, int height, int width, float value) {
        float[] values = new float[height * width];
        Arrays.fill(values, value);
        write(name, new Planes(1, height, width, values));
    }

    private void write(String name, Planes planes) {
        ImageFormat.Kind kind = name.endsWith("tiff") ? ImageFormat.Kind.TIFF : ImageFormat.Kind.PNG;
        ImageFile.write(folder.resolve(name), new ImageFormat(kind, 16, planes.channels()), planes);
    }
}
