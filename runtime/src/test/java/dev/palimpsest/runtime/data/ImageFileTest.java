package dev.palimpsest.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The files given as text were written by Pillow 12.3.0 and tifffile 2026.3.3, none of them by Java. */
class ImageFileTest {
    @TempDir
    Path folder;

    static Stream<Arguments> readable() {
        return Stream.of(
                Arguments.of(
                        "PNG with a palette, its second colour transparent",
                        PALETTE,
                        "PNG 8 3",
                        values(255, 10, 0, 20, 51, 30),
                        new boolean[] {false, true}),
                Arguments.of(
                        "grey PNG with transparency", GREY_ALPHA, "PNG 8 1", values(51, 204), new boolean[] {false, true
                        }),
                Arguments.of("deep grey PNG", GREY_16, "PNG 16 1", values(0, 51, 255), new boolean[0]),
                Arguments.of("deep grey TIFF, LZW", GREY_16_TIFF, "TIFF 16 1", values(0, 51, 255), new boolean[0]),
                Arguments.of(
                        "coloured TIFF, deflated",
                        RGB_TIFF,
                        "TIFF 8 3",
                        values(255, 102, 0, 153, 51, 204),
                        new boolean[0]),
                Arguments.of(
                        "deep coloured TIFF",
                        RGB_16_TIFF,
                        "TIFF 16 3",
                        values(255, 102, 0, 153, 51, 204),
                        new boolean[0]),
                Arguments.of(
                        "deep coloured TIFF, plane by plane",
                        RGB_16_PLANES,
                        "TIFF 16 3",
                        values(255, 102, 0, 153, 51, 204),
                        new boolean[0]),
                Arguments.of(
                        "grey TIFF in which 0 is white", INVERSE, "TIFF 8 1", values(255, 204, 0), new boolean[0]));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("readable")
    void what_others_wrote_is_read(String what, String bytes, String format, float[] values, boolean[] transparent)
            throws IOException {
        ImageFile image = ImageFile.read(file("a", bytes));
        assertThat(image.format().kind() + " " + image.format().bits() + " "
                        + image.format().channels())
                .isEqualTo(format);
        assertThat(image.planes().values()).containsExactly(values);
        assertThat(image.transparent()).containsExactly(transparent);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(CMYK_JPEG, "image"),
                Arguments.of(CMYK_TIFF, "expected a grey image or one of red, green and blue"),
                Arguments.of(FLOAT_TIFF, "expected samples of 8 or 16 bits without a sign"),
                Arguments.of(SIGNED_TIFF, "expected samples of 8 or 16 bits without a sign"),
                Arguments.of(TWO_PAGES, "expected one image in a file, got several"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void what_would_be_misread_is_refused_by_name(String bytes, String reason) throws IOException {
        Path file = file("a.tif", bytes);
        assertThatThrownBy(() -> ImageFile.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @EnumSource(names = {"PNG", "TIFF"})
    void png_and_tiff_give_back_every_sample(ImageFormat.Kind kind) {
        for (int bits : List.of(8, 16)) {
            for (int channels : List.of(1, 3)) {
                ImageFormat format = new ImageFormat(kind, bits, channels);
                float[] values = new float[channels * 65536];
                for (int i = 0; i < values.length; i++) {
                    values[i] = Scale.of(i % (format.white() + 1), format.white());
                }
                Planes planes = new Planes(channels, 128, 512, values);
                ImageFile.write(folder.resolve("a"), format, planes);
                ImageFile read = ImageFile.read(folder.resolve("a"));
                assertThat(read.format()).isEqualTo(format);
                assertThat(read.planes().values()).containsExactly(values);
            }
        }
    }

    /**
     * A coefficient that is rounded to a step errs by step / sqrt(12), and so do pixels in the root of the mean over the steps, since the transform is
     * orthonormal. At quality .95 the steps are a tenth of those in the standard's annex K: 1.8 samples for luminance, 2.8 for chrominance; 4.4 for
     * colours (red = Y + 1.402 Cr, ...). Half the colours' rows and columns would lose most of noise of 37 samples.
     */
    @Test
    void jpeg_keeps_a_grey_image_and_colours_that_change_from_pixel_to_pixel() {
        RandomGenerator rng = new RandomStreams(5).stream("test", 0);
        for (int channels : List.of(1, 3)) {
            float[] values = new float[channels * 64 * 64];
            for (int i = 0; i < values.length; i++) {
                values[i] = rng.nextFloat(-.5f, .5f);
            }
            ImageFormat format = new ImageFormat(ImageFormat.Kind.JPEG, 8, channels);
            ImageFile.write(folder.resolve("a.jpg"), format, new Planes(channels, 64, 64, values));
            ImageFile read = ImageFile.read(folder.resolve("a.jpg"));
            assertThat(read.format()).isEqualTo(format);
            double squares = 0;
            for (int i = 0; i < values.length; i++) {
                squares += Math.pow(read.planes().values()[i] - values[i], 2);
            }
            assertThat(Math.sqrt(squares / values.length)).isLessThan((channels == 1 ? 2.2 : 4.8) / 127.5);
        }
    }

    @Test
    void values_beyond_black_and_white_are_clamped_and_others_go_to_the_nearest_sample() {
        float step = 2 / 255f;
        ImageFormat format = new ImageFormat(ImageFormat.Kind.PNG, 8, 1);
        float[] values = {-7, 7, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, -1 + .4f * step, -1 + .6f * step};
        ImageFile.write(folder.resolve("a.png"), format, new Planes(1, 2, 3, values));
        assertThat(ImageFile.read(folder.resolve("a.png")).planes().values())
                .containsExactly(values(0, 255, 0, 255, 0, 1));
        assertThatThrownBy(() ->
                        ImageFile.write(folder.resolve("b.png"), format, new Planes(1, 1, 1, new float[] {Float.NaN})))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(folder.resolve("b.png")).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void a_file_that_is_cut_off_anywhere_is_an_error_with_its_name(ImageFormat.Kind kind) throws IOException {
        float[] values = new float[16 * 16];
        Path file = folder.resolve("a");
        ImageFile.write(file, new ImageFormat(kind, 8, 1), new Planes(1, 16, 16, values));
        byte[] whole = Files.readAllBytes(file);
        int needed = kind == ImageFormat.Kind.PNG ? whole.length - 16 : whole.length - 3;
        for (int length = 0; length < needed; length += 7) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> ImageFile.read(file))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(file + ": ");
        }
    }

    @Test
    void a_file_that_promises_too_many_pixels_is_refused_before_it_is_decoded() throws IOException {
        byte[] png = Base64.getDecoder().decode(GREY_16);
        ByteBuffer.wrap(png).putInt(16, 50_000).putInt(20, 60_000);
        Path file = Files.write(folder.resolve("bomb.png"), png);
        assertThatThrownBy(() -> ImageFile.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("bomb.png: expected an image of at most")
                .hasMessageContaining("got 3000000000");
    }

    @Test
    void images_of_other_kinds_are_refused_with_their_kind() throws IOException {
        Path file = folder.resolve("a.png");
        ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), "bmp", file.toFile());
        assertThatThrownBy(() -> ImageFile.read(file))
                .hasMessage(file + ": expected a PNG, JPEG or TIFF image, got one of kind bmp");
        assertThatThrownBy(() -> ImageFile.read(folder.resolve("away.png")))
                .hasMessageContaining("away.png: expected a file that can be read, but there is no such file");
    }

    @Test
    void images_are_found_in_folders_of_folders_by_name_and_hidden_ones_are_not() throws IOException {
        for (String name :
                List.of("b.TIFF", "a/2.png", "a/10.jpg", "a/.hidden.png", ".git/x.png", "notes.txt", "c.jpeg")) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.createFile(folder.resolve(name));
        }
        assertThat(ImageFile.under(folder).stream()
                        .map(file -> folder.relativize(file).toString()))
                .containsExactly("a/10.jpg", "a/2.png", "b.TIFF", "c.jpeg");
    }

    /** What samples of 255 become. */
    private static float[] values(int... samples) {
        float[] values = new float[samples.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (samples[i] / 127.5 - 1);
        }
        return values;
    }

    private Path file(String name, String base64) throws IOException {
        return Files.write(folder.resolve(name), Base64.getDecoder().decode(base64));
    }

    private static final String PALETTE =
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABAQMAAADO7O3JAAAABlBMVEX/ADMKFB56CyqsAAAAAnRSTlP/AOW3MEoAAA"
                    + "AKSURBVHicY3AAAABCAEEpN/TvAAAAAElFTkSuQmCC";

    private static final String GREY_ALPHA =
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAQAAABeK7cBAAAADUlEQVR4nGMw/n+GAQAFZgH/LlNSugAAAABJRU5Erk" + "Jggg==";

    private static final String GREY_16 =
            "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABEAAAAABuG5crAAAAD0lEQVR4nGNgYDA2/v8fAARpAmWLtXpLAAAAAElFTk" + "SuQmCC";

    private static final String GREY_16_TIFF =
            "SUkqABIAAACAAAADMZv9/wEACQAAAQMAAQAAAAMAAAABAQMAAQAAAAEAAAACAQMAAQAAABAAAAADAQMAAQAAAAUAAA"
                    + "AGAQMAAQAAAAEAAAARAQQAAQAAAAgAAAAWAQMAAQAAAAEAAAAXAQQAAQAAAAkAAAAcAQMAAQAAAAEAAAAAAAAA";

    private static final String RGB_TIFF =
            "SUkqABYAAAB4nPvPYJw28wwACfwC/goAAAEDAAEAAAACAAAAAQEDAAEAAAABAAAAAgEDAAMAAACUAAAAAwEDAAEAAA"
                    + "AIAAAABgEDAAEAAAACAAAAEQEEAAEAAAAIAAAAFQEDAAEAAAADAAAAFgEDAAEAAAABAAAAFwEEAAEAAAAOAAAAHAED"
                    + "AAEAAAABAAAAAAAAAAgACAAIAA==";

    private static final String RGB_16_TIFF =
            "SUkqAAgAAAANAAABBAABAAAAAgAAAAEBBAABAAAAAQAAAAIBAwADAAAAqgAAAAMBAwABAAAAAQAAAAYBAwABAAAAAg"
                    + "AAABEBBAABAAAAwAAAABUBAwABAAAAAwAAABYBBAABAAAAAQAAABcBBAABAAAADAAAABoBBQABAAAAsAAAABsBBQAB"
                    + "AAAAuAAAABwBAwABAAAAAQAAACgBAwABAAAAAQAAAAAAAAAQABAAEAABAAAAAQAAAAEAAAABAAAA//8AADMzZmaZmc"
                    + "zM";

    private static final String RGB_16_PLANES =
            "SUkqAAgAAAANAAABBAABAAAAAgAAAAEBBAABAAAAAQAAAAIBAwADAAAAqgAAAAMBAwABAAAAAQAAAAYBAwABAAAAAg"
                    + "AAABEBBAADAAAAsAAAABUBAwABAAAAAwAAABYBBAABAAAAAQAAABcBAwADAAAAvAAAABoBBQABAAAAwgAAABsBBQAB"
                    + "AAAAygAAABwBAwABAAAAAgAAACgBAwABAAAAAQAAAAAAAAAQABAAEADgAAAA5AAAAOgAAAAEAAQABAABAAAAAQAAAA"
                    + "EAAAABAAAAAAAAAAAAAAAAAAAAAAD//2ZmAACZmTMzzMw=";

    private static final String INVERSE =
            "SUkqAAgAAAAMAAABBAABAAAAAwAAAAEBBAABAAAAAQAAAAIBAwABAAAACAAAAAMBAwABAAAAAQAAAAYBAwABAAAAAA"
                    + "AAABEBBAABAAAAsAAAABUBAwABAAAAAQAAABYBBAABAAAAAQAAABcBBAABAAAAAwAAABoBBQABAAAAngAAABsBBQAB"
                    + "AAAApgAAACgBAwABAAAAAQAAAAAAAAABAAAAAQAAAAEAAAABAAAAAAAAM/8=";

    private static final String CMYK_JPEG =
            "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAIBgYHBgUIBwcHCQkICgwUDQwLCwwZEhMPFB0aHx4dGhwcICQuJyAiLCMcHC"
                    + "g3KSwwMTQ0NB8nOT04MjwuMzQy/8AAFAgAAQACBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgME"
                    + "BQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJCh"
                    + "YXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqi"
                    + "o6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASw"
                    + "AAPwD3Wva69hr1ev/Z";

    private static final String CMYK_TIFF =
            "SUkqAAgAAAAKAAABBAABAAAAAgAAAAEBBAABAAAAAQAAAAIBAwAEAAAAhgAAAAMBAwABAAAAAQAAAAYBAwABAAAABQ"
                    + "AAABEBBAABAAAAjgAAABUBAwABAAAABAAAABYBBAABAAAAAQAAABcBBAABAAAACAAAABwBAwABAAAAAQAAAAAAAAAI"
                    + "AAgACAAIAAoUHigKFB4o";

    private static final String FLOAT_TIFF =
            "SUkqAAgAAAAKAAABBAABAAAAAQAAAAEBBAABAAAAAQAAAAIBAwABAAAAIAAAAAMBAwABAAAAAQAAAAYBAwABAAAAAQ"
                    + "AAABEBBAABAAAAhgAAABYBBAABAAAAAQAAABcBBAABAAAABAAAABwBAwABAAAAAQAAAFMBAwABAAAAAwAAAAAAAAAA"
                    + "AAA/";

    private static final String SIGNED_TIFF =
            "SUkqAAgAAAANAAABBAABAAAAAgAAAAEBBAABAAAAAQAAAAIBAwABAAAAEAAAAAMBAwABAAAAAQAAAAYBAwABAAAAAQ"
                    + "AAABEBBAABAAAAwAAAABUBAwABAAAAAQAAABYBBAABAAAAAQAAABcBBAABAAAABAAAABoBBQABAAAAqgAAABsBBQAB"
                    + "AAAAsgAAACgBAwABAAAAAQAAAFMBAwABAAAAAgAAAAAAAAABAAAAAQAAAAEAAAABAAAAAAAAAAAA+/8FAA==";

    private static final String TWO_PAGES =
            "SUkqAAgAAAAMAAABBAABAAAAAQAAAAEBBAABAAAAAQAAAAIBAwABAAAACAAAAAMBAwABAAAAAQAAAAYBAwABAAAAAQ"
                    + "AAABEBBAABAAAAsAAAABUBAwABAAAAAQAAABYBBAABAAAAAQAAABcBBAABAAAAAQAAABoBBQABAAAAngAAABsBBQAB"
                    + "AAAApgAAACgBAwABAAAAAQAAALIAAAABAAAAAQAAAAEAAAABAAAAAAAAAAwAAAEEAAEAAAABAAAAAQEEAAEAAAABAA"
                    + "AAAgEDAAEAAAAIAAAAAwEDAAEAAAABAAAABgEDAAEAAAABAAAAEQEEAAEAAACxAAAAFQEDAAEAAAABAAAAFgEEAAEA"
                    + "AAABAAAAFwEEAAEAAAABAAAAGgEFAAEAAABIAQAAGwEFAAEAAABQAQAAKAEDAAEAAAABAAAAAAAAAAEAAAABAAAAAQ"
                    + "AAAAEAAAA=";
}
