package dev.palimpsest.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palimpsest.api.Observations;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FileSourcesTest {
    private static final RandomStreams STREAMS = new RandomStreams(1);
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    @TempDir
    Path scratch;

    @Test
    void every_source_is_found_and_has_defaults() {
        assertThat(ServiceLoader.load(DataSource.class).stream().map(ServiceLoader.Provider::get))
                .hasSize(13)
                .allSatisfy(source -> {
                    assertThat(source.getClass()).isPublic();
                    assertThat(source.limit()).isZero();
                });
    }

    @Test
    void an_idx_file_becomes_images_from_minus_one_to_one() throws IOException {
        Path file = Files.write(folder.resolve("x"), idx(2, 1, 3, 0, 255, 51, 102, 153, 204));
        INDArray x = clean(new IdxItems(file, 0, 0));
        assertThat(x.shape()).containsExactly(2, 1, 1, 3);
        assertThat(x.data().asFloat()).containsExactly(-1, 1, -.6f, -.2f, .2f, .6f);
    }

    @Test
    void an_idx_file_is_unpacked_whatever_its_name() throws IOException {
        Path file = Files.write(folder.resolve("x"), gzip(idx(1, 1, 2, 0, 255)));
        assertThat(clean(new IdxItems(file, 0, 0)).data().asFloat()).containsExactly(-1, 1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformedIdx")
    void a_malformed_idx_file_is_an_error_with_its_name(String kind, byte[] bytes, String reason) throws IOException {
        Path file = Files.write(folder.resolve("bad.idx"), bytes);
        assertThatThrownBy(() -> clean(new IdxItems(file, 0, 0)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(reason);
    }

    static Stream<Arguments> malformedIdx() throws IOException {
        byte[] whole = idx(2, 1, 3, 0, 1, 2, 3, 4, 5);
        byte[] packed = gzip(whole);
        byte[] labels = whole.clone();
        labels[3] = 1;
        byte[] corrupt = packed.clone();
        corrupt[12] ^= 0x55;
        return Stream.of(
                Arguments.of("no bytes", new byte[0], "cut off"),
                Arguments.of("ends within its header", Arrays.copyOf(whole, 10), "cut off"),
                Arguments.of("ends within its pixels", Arrays.copyOf(whole, whole.length - 1), "cut off"),
                Arguments.of("trailing bytes", Arrays.copyOf(whole, whole.length + 1), "longer"),
                Arguments.of("labels", labels, "got one of labels"),
                Arguments.of("something else", "GIF89a, a picture".getBytes(), "the magic number 1195984440"),
                Arguments.of("no images", idx(0, 28, 28), "got 0 images of 28 x 28"),
                Arguments.of("a negative size", idx(1, -28, 28), "got 1 images of -28 x 28"),
                Arguments.of("a size that overflows", idx(65536, 65536, 65536), "got 65536 images"),
                Arguments.of("a promise of 2 GB", idx(2_000_000_000, 1, 1), "cut off"),
                Arguments.of("a promise of 134 PB", idx(2_000_000_000, 8192, 8192), "cut off"),
                Arguments.of("a packed file that is cut off", Arrays.copyOf(packed, packed.length - 12), "cut off"),
                Arguments.of("a packed file that is damaged", corrupt, "bad.idx"));
    }

    @Test
    void the_packaged_fashion_images_are_framed_by_background() {
        INDArray x = clean(new FashionMnist());
        assertThat(x.shape()).containsExactly(10000, 1, 32, 32);
        assertThat(x.minNumber().floatValue()).isEqualTo(-1);
        assertThat(x.maxNumber().floatValue()).isEqualTo(1);
        float[] images = x.data().asFloat();
        for (int n = 0; n < 10000; n += 999) {
            for (int i = 0; i < 32; i++) {
                for (int j = 0; j < 32; j++) {
                    if (i < 2 || i >= 30 || j < 2 || j >= 30) {
                        assertThat(images[(n * 32 + i) * 32 + j]).isEqualTo(-1);
                    }
                }
            }
        }
    }

    @Test
    void a_folder_of_mnist_files_gives_the_training_images() throws IOException {
        int[] white = new int[28 * 28];
        Arrays.fill(white, 255);
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), idx(1, 28, 28, new int[28 * 28]));
        assertThat(clean(mnist()).meanNumber().floatValue()).isEqualTo(-1);
        Files.write(folder.resolve("train-images-idx3-ubyte.gz"), gzip(idx(1, 28, 28, white)));
        INDArray x = clean(mnist());
        assertThat(x.shape()).containsExactly(1, 1, 32, 32);
        assertThat(x.getFloat(0, 0, 2, 2)).isEqualTo(1);
        assertThat(x.getFloat(0, 0, 1, 2)).isEqualTo(-1);
    }

    @Test
    void mnist_without_a_path_says_what_to_do() {
        assertThatThrownBy(() -> clean(new Mnist()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("palimpsest data mnist")
                .hasMessageContaining("set data.path");
        assertThatThrownBy(() -> clean(new Cifar10())).hasMessageContaining("palimpsest data cifar10");
        assertThatThrownBy(() -> clean(mnist()))
                .hasMessageContaining("expected one of the files train-images-idx3-ubyte");
    }

    @Test
    void images_of_another_size_are_not_mnist() throws IOException {
        Files.write(folder.resolve("train-images-idx3-ubyte"), idx(1, 1, 2, 0, 0));
        assertThatThrownBy(() -> clean(mnist())).hasMessageContaining("expected images of 28 x 28, got 1 x 2");
    }

    @Test
    void cifar_planes_become_channels() throws IOException {
        Path file = Files.write(folder.resolve("a.bin"), cifar(3, 0, 255, 51));
        INDArray x = clean(new Cifar(file, 0, 0));
        assertThat(x.shape()).containsExactly(1, 3, 32, 32);
        for (int[] pixel : new int[][] {{0, 0}, {31, 31}}) {
            assertThat(x.getFloat(0, 0, pixel[0], pixel[1])).isEqualTo(-1);
            assertThat(x.getFloat(0, 1, pixel[0], pixel[1])).isEqualTo(1);
            assertThat(x.getFloat(0, 2, pixel[0], pixel[1])).isEqualTo(-.6f);
        }
    }

    @Test
    void a_folder_of_cifar_files_is_read_by_name_without_the_test_images() throws IOException {
        Files.write(folder.resolve("data_batch_2.bin"), cifar(1, 255, 0, 0));
        Files.write(folder.resolve("data_batch_1.bin.gz"), gzip(cifar(9, 51, 0, 0)));
        Files.write(folder.resolve("test_batch.bin"), cifar(2, 102, 0, 0));
        Files.writeString(folder.resolve("batches.meta.txt"), "airplane");
        INDArray x = clean(new Cifar10(Optional.of(folder), 0, 0));
        assertThat(x.shape()).containsExactly(2, 3, 32, 32);
        assertThat(x.getFloat(0, 0, 0, 0)).isEqualTo(-.6f);
        assertThat(x.getFloat(1, 0, 0, 0)).isEqualTo(1);
    }

    @Test
    void a_malformed_cifar_file_is_an_error_with_its_name() throws IOException {
        byte[] whole = cifar(3, 0, 0, 0);
        assertCifarFails(new byte[0], "got 0 and 0 bytes more");
        assertCifarFails(Arrays.copyOf(whole, 3000), "got 0 and 3000 bytes more");
        assertCifarFails(Arrays.copyOf(whole, 3074), "got 1 and 1 bytes more");
        assertCifarFails(cifar(77, 0, 0, 0), "got 77 at image 0");
        byte[] packed = gzip(whole);
        assertCifarFails(Arrays.copyOf(packed, packed.length / 2), "is cut off");
    }

    @Test
    void a_cifar_folder_with_nothing_or_a_file_twice_is_an_error() throws IOException {
        assertThatThrownBy(() -> clean(new Cifar(folder, 0, 0))).hasMessageContaining("got none");
        Files.write(folder.resolve("a.bin"), cifar(0, 0, 0, 0));
        Files.write(folder.resolve("a.bin.gz"), gzip(cifar(0, 0, 0, 0)));
        assertThatThrownBy(() -> clean(new Cifar(folder, 0, 0))).hasMessageContaining("gzipped and not");
    }

    @Test
    void npy_items_are_taken_as_they_are() {
        Path file = folder.resolve("x.npy");
        Npy.write(file, Nd4j.createFromArray(new float[][] {{1, 2}, {3, 400}}));
        assertThat(clean(new NpyItems(file, 0, 0)).toFloatMatrix()).isDeepEqualTo(new float[][] {{1, 2}, {3, 400}});
    }

    @Test
    void npy_items_must_be_finite_and_vectors_or_images() {
        Path file = folder.resolve("x.npy");
        Npy.write(file, Nd4j.createFromArray(new float[][] {{1, 2}, {3, Float.NaN}}));
        assertThatThrownBy(() -> clean(new NpyItems(file, 0, 0)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("x.npy: expected finite values only, but value 1 of item 1 is NaN");
        Npy.write(file, Nd4j.createFromArray(new float[][] {{Float.NEGATIVE_INFINITY}}));
        assertThatThrownBy(() -> clean(new NpyItems(file, 0, 0))).hasMessageContaining("is -Infinity");
        Npy.write(file, Nd4j.zeros(2, 3, 4));
        assertThatThrownBy(() -> clean(new NpyItems(file, 0, 0))).hasMessageContaining("got the shape [2, 3, 4]");
    }

    @Test
    void observations_come_with_their_conditioning() {
        Npy.write(folder.resolve("y.npy"), Nd4j.ones(3, 1, 4, 5));
        assertThat(observed().conditioning()).isEmpty();
        Npy.write(folder.resolve("conditioning.npy"), Nd4j.ones(3, 2, 4, 5));
        assertThat(observed().y().shape()).containsExactly(3, 1, 4, 5);
        assertThat(observed().conditioning().orElseThrow().shape()).containsExactly(3, 2, 4, 5);
    }

    @Test
    void conditioning_that_does_not_fit_or_is_not_finite_is_an_error() {
        Npy.write(folder.resolve("y.npy"), Nd4j.ones(3, 1, 4, 5));
        for (long[] shape : new long[][] {{2, 7}, {3, 1, 5, 4}, {2, 1, 4, 5}}) {
            Npy.write(folder.resolve("conditioning.npy"), Nd4j.ones(shape));
            assertThatThrownBy(this::observed)
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("conditioning.npy")
                    .hasMessageContaining("vectors [3, d] or maps [3, c, 4, 5], got " + Arrays.toString(shape));
        }
        Npy.write(folder.resolve("conditioning.npy"), Nd4j.ones(3, 1).putScalar(0, Float.NaN));
        assertThatThrownBy(this::observed).hasMessageContaining("value 0 of item 0 is NaN");
    }

    @Test
    void observations_may_be_a_folder_of_images() throws IOException {
        write("b.png", grey(2, 1, 0, 255));
        write("a.png", grey(2, 1, 51, 102));
        Files.writeString(folder.resolve("notes.txt"), "not an image");
        INDArray y = observed().y();
        assertThat(y.shape()).containsExactly(2, 1, 1, 2);
        assertThat(y.data().asFloat()).containsExactly(-.6f, -.2f, -1, 1);
    }

    @Test
    void coloured_images_have_three_channels_whatever_their_layout() throws IOException {
        for (int type : List.of(
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_3BYTE_BGR,
                BufferedImage.TYPE_4BYTE_ABGR,
                BufferedImage.TYPE_BYTE_INDEXED)) {
            BufferedImage image = new BufferedImage(1, 2, type);
            image.setRGB(0, 0, 0xffff3300);
            image.setRGB(0, 1, 0xff0066ff);
            write("a.png", image);
            INDArray x = clean(images());
            assertThat(x.shape()).containsExactly(1, 3, 2, 1);
            assertThat(x.data().asFloat()).containsExactly(1, -1, -.6f, -.2f, -1, 1);
        }
    }

    @Test
    void deep_and_two_valued_grey_images_keep_their_values() throws IOException {
        BufferedImage deep = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        deep.getRaster().setSample(0, 0, 0, 65535);
        deep.getRaster().setSample(1, 0, 0, 13107);
        write("a.png", deep);
        assertThat(clean(images()).data().asFloat()).containsExactly(1, -.6f);
        BufferedImage binary = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
        binary.getRaster().setSample(1, 0, 0, 1);
        write("a.png", binary);
        INDArray x = clean(images());
        assertThat(x.shape()).containsExactly(1, 1, 1, 2);
        assertThat(x.data().asFloat()).containsExactly(-1, 1);
    }

    @Test
    void a_grey_jpeg_has_one_channel() throws IOException {
        int[] middle = new int[64];
        Arrays.fill(middle, 128);
        // All coefficients of a constant 128 are 0, which JPEG keeps exactly.
        ImageIO.write(grey(8, 8, middle), "jpg", folder.resolve("a.JPG").toFile());
        INDArray x = clean(images());
        assertThat(x.shape()).containsExactly(1, 1, 8, 8);
        assertThat(x.data().asFloat()).containsOnly((float) (128 / 127.5 - 1));
    }

    @Test
    void images_that_are_not_alike_or_no_images_are_an_error() throws IOException {
        assertThatThrownBy(() -> clean(images())).hasMessageContaining("got none");
        assertThatThrownBy(() -> clean(images(folder.resolve("away")))).hasMessageContaining("expected a folder");
        write("a.png", grey(2, 1, 0, 255));
        write("b.png", grey(1, 2, 0, 255));
        assertThatThrownBy(() -> clean(images()))
                .hasMessageContaining(
                        "b.png: expected an image like a.png, grey and 2 wide, 1 high, got grey and 1 wide");
        write("b.png", new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB));
        assertThatThrownBy(() -> clean(images())).hasMessageContaining("got coloured");
        Files.writeString(folder.resolve("b.png"), "not an image");
        assertThatThrownBy(() -> clean(images()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("b.png: expected a PNG, JPEG or TIFF image");
    }

    @Test
    void an_image_that_is_cut_off_or_promises_too_much_is_an_error() throws IOException {
        write("a.png", grey(2, 1, 0, 255));
        byte[] whole = Files.readAllBytes(folder.resolve("a.png"));
        Files.write(folder.resolve("a.png"), Arrays.copyOf(whole, 20));
        assertThatThrownBy(() -> clean(images()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("a.png");
        byte[] huge = ByteBuffer.wrap(whole.clone())
                .putInt(16, 100_000)
                .putInt(20, 100_000)
                .array();
        Files.write(folder.resolve("a.png"), huge);
        assertThatThrownBy(() -> clean(images()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("got 10000000000");
    }

    private Mnist mnist() {
        return new Mnist(Optional.of(folder), 0, 0);
    }

    private Observations observed() {
        return observed(folder);
    }

    private Observations observed(Path path) {
        try (Items items = new ObservedItems(path, 0, 0).open(places(), STREAMS)) {
            Items.Observed observed = (Items.Observed) items;
            return new Observations(all(observed.y()), observed.conditioning().map(FileSourcesTest::all));
        }
    }

    private INDArray clean(DataSource source) {
        try (Items items = source.open(places(), STREAMS)) {
            return all(((Items.Clean) items).x());
        }
    }

    private static INDArray all(Table table) {
        return table.rows(IntStream.range(0, table.count()).toArray());
    }

    private Places places() {
        return new Places(HOME, folder.resolve("fetched"), scratch);
    }

    private ImageItems images() {
        return images(folder);
    }

    private static ImageItems images(Path folder) {
        return new ImageItems(folder, 0, 0);
    }

    private void assertCifarFails(byte[] bytes, String reason) throws IOException {
        Path file = Files.write(folder.resolve("bad.bin"), bytes);
        assertThatThrownBy(() -> clean(new Cifar(file, 0, 0)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(reason);
    }

    private void write(String name, BufferedImage image) throws IOException {
        ImageIO.write(image, "png", folder.resolve(name).toFile());
    }

    private static BufferedImage grey(int width, int height, int... values) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSamples(0, 0, width, height, 0, values);
        return image;
    }

    private static byte[] cifar(int label, int red, int green, int blue) {
        byte[] record = new byte[3073];
        record[0] = (byte) label;
        Arrays.fill(record, 1, 1025, (byte) red);
        Arrays.fill(record, 1025, 2049, (byte) green);
        Arrays.fill(record, 2049, 3073, (byte) blue);
        return record;
    }

    private static byte[] idx(int count, int height, int width, int... pixels) {
        ByteBuffer file = ByteBuffer.allocate(16 + pixels.length)
                .putInt(0x803)
                .putInt(count)
                .putInt(height)
                .putInt(width);
        for (int pixel : pixels) {
            file.put((byte) pixel);
        }
        return file.array();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }
}
