package dev.palimpsest.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palimpsest.api.Observations;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class ObservedFormatsTest {
    @TempDir
    Path folder;

    @TempDir
    Path scratch;

    @ParameterizedTest
    @ValueSource(strings = {"stored", "packed"})
    void an_npz_file_holds_observations_and_their_conditioning(String name) {
        Path file = golden(name);
        Observations observed = all(file);
        assertThat(observed.y().shape()).containsExactly(4, 1, 2, 3);
        float[] y = observed.y().data().asFloat();
        for (int k = 0; k < 24; k++) {
            assertThat(y[k]).isEqualTo(k / 8f - 1);
        }
        assertThat(observed.conditioning().orElseThrow().data().asFloat()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void a_folder_of_an_npz_file_is_the_same() throws IOException {
        Files.copy(golden("packed"), folder.resolve("y.npz"));
        assertThat(all(folder).y()).isEqualTo(all(golden("stored")).y());
    }

    @Test
    void what_is_stored_stays_where_it_is_and_what_is_packed_is_unpacked_once() throws IOException {
        Path stored = Files.copy(golden("stored"), folder.resolve("stored.npz"));
        try (ObservationSet set = kept(stored)) {
            assertThat(set.inPlace()).isTrue();
        }
        Path packed = Files.copy(golden("packed"), folder.resolve("packed.npz"));
        kept(packed).close();
        Files.move(packed, folder.resolve("away"), StandardCopyOption.REPLACE_EXISTING);
        try (ObservationSet set = ObservationSet.open(scratch)) {
            assertThat(set.inPlace()).isFalse();
            assertThat(set.rows(2, 4).y()).isEqualTo(all(golden("stored")).y().get(NDArrayIndex.interval(2, 4)));
        }
    }

    @Test
    void nothing_that_was_unpacked_is_left() throws IOException {
        all(golden("packed"));
        Path gz = folder.resolve("x.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gz))) {
            out.write(idx());
        }
        all(gz);
        try (Stream<Path> left = Files.list(scratch)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void what_unpacks_to_more_than_a_little_is_unpacked_to_a_file() throws IOException {
        Path gz = folder.resolve("x.gz");
        byte[] row = new byte[3000];
        row[2999] = -1;
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gz))) {
            out.write(ByteBuffer.allocate(16)
                    .putInt(0x803)
                    .putInt(3000)
                    .putInt(1)
                    .putInt(3000)
                    .array());
            for (int n = 0; n < 3000; n++) {
                out.write(row);
            }
        }
        try (Items items = new IdxItems(gz, 0, 0).open(places(), new RandomStreams(1))) {
            Table x = ((Items.Clean) items).x();
            assertThat(x.memory()).isZero();
            INDArray last = x.rows(new int[] {2999});
            assertThat(last.getFloat(0, 0, 0, 2998)).isEqualTo(-1);
            assertThat(last.getFloat(0, 0, 0, 2999)).isEqualTo(1);
        }
        assertThat(scratch).isEmptyDirectory();
    }

    /** The packed file is sparse: it takes no room, and none of it but its start is read. */
    @Test
    void what_the_disk_has_no_room_for_is_refused_before_it_is_unpacked() throws IOException {
        Path gz = folder.resolve("x.gz");
        long free = Files.getFileStore(scratch).getUsableSpace();
        int count = Math.toIntExact(free / (8192 * 8192) + 1);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gz))) {
            out.write(ByteBuffer.allocate(1 << 16)
                    .putInt(0x803)
                    .putInt(count)
                    .putInt(8192)
                    .putInt(8192)
                    .array());
        }
        try (RandomAccessFile sparse = new RandomAccessFile(gz.toFile(), "rw")) {
            sparse.setLength(count * (8192L * 8192 / 1000));
        }
        assertThatThrownBy(() -> all(gz))
                .isInstanceOf(FileException.class)
                .hasMessageMatching(
                        "cannot unpack .*x\\.gz into .*: it is more than the [0-9]+ bytes that there is room for");
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void an_idx_file_and_a_cifar_file_are_told_by_their_content_with_conditioning_beside_them() throws IOException {
        Path idx = Files.write(folder.resolve("scans"), idx());
        Npy.write(folder.resolve("conditioning.npy"), Nd4j.createFromArray(new float[][] {{3}, {4}}));
        Observations observed = all(idx);
        assertThat(observed.y().shape()).containsExactly(2, 1, 1, 2);
        assertThat(observed.y().data().asFloat()).containsExactly(-1, 1, -.6f, .6f);
        assertThat(observed.conditioning().orElseThrow().data().asFloat()).containsExactly(3, 4);
        Path cifar = Files.write(folder.resolve("colours.bin"), new byte[2 * 3073]);
        assertThat(all(cifar).y().shape()).containsExactly(2, 3, 32, 32);
        assertThat(all(cifar).y().maxNumber().floatValue()).isEqualTo(-1);
    }

    @Test
    void a_folder_of_images_has_its_conditioning_beside_them() {
        for (int n = 0; n < 2; n++) {
            ImageFile.write(
                    folder.resolve("deep/" + n + ".png"),
                    new ImageFormat(ImageFormat.Kind.PNG, 8, 1),
                    new Planes(1, 1, 1, new float[] {2 * n - 1}));
        }
        Npy.write(folder.resolve("conditioning.npy"), Nd4j.createFromArray(new float[][] {{3}, {4}}));
        Observations observed = all(folder);
        assertThat(observed.y().data().asFloat()).containsExactly(-1, 1);
        assertThat(observed.conditioning().orElseThrow().data().asFloat()).containsExactly(3, 4);
        Npy.write(folder.resolve("conditioning.npy"), Nd4j.createFromArray(new float[][] {{3}}));
        assertThatThrownBy(() -> all(folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(
                        "conditioning.npy: expected, for observations [2, 1, 1, 1], vectors [2, d] or maps");
    }

    @Test
    void a_file_that_is_none_of_them_is_named_with_what_would_do() throws IOException {
        Path file = Files.writeString(folder.resolve("scans.csv"), "1,2,3");
        assertThatThrownBy(() -> all(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("scans.csv: expected observations as a folder, or as a .npy, .npz or IDX file");
        Path empty = Files.write(folder.resolve("scans.npz"), new byte[0]);
        assertThatThrownBy(() -> all(empty)).hasMessageContaining("scans.npz: expected a .npz file");
    }

    @Test
    void clean_items_come_from_the_only_array_of_an_npz_file_or_the_named_one() {
        assertThat(clean(new NpzItems(golden("one"), Optional.empty(), 0, 0)).shape())
                .containsExactly(4, 1, 2, 3);
        assertThat(clean(new NpzItems(golden("packed"), Optional.of("conditioning"), 0, 0))
                        .shape())
                .containsExactly(4, 1);
        assertThatThrownBy(() -> clean(new NpzItems(golden("stored"), Optional.empty(), 0, 0)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("stored.npz: expected one array, got y, conditioning; say in data.array");
        assertThatThrownBy(() -> clean(new NpzItems(golden("stored"), Optional.of("x"), 0, 0)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("expected an array x, got y, conditioning");
    }

    private ObservationSet kept(Path path) {
        try (Items items = new ObservedItems(path, 0, 1).open(places(), new RandomStreams(1))) {
            return ObservationSet.of(
                    (Items.Observed) items,
                    new int[] {0, 1, 2, 3},
                    new Refill((x, rng) -> Observations.of(x), new RandomStreams(1)),
                    scratch);
        }
    }

    private Observations all(Path path) {
        try (Items items = new ObservedItems(path, 0, 0).open(places(), new RandomStreams(1))) {
            Items.Observed observed = (Items.Observed) items;
            return new Observations(all(observed.y()), observed.conditioning().map(ObservedFormatsTest::all));
        }
    }

    private INDArray clean(DataSource source) {
        try (Items items = source.open(places(), new RandomStreams(1))) {
            return all(((Items.Clean) items).x());
        }
    }

    private static INDArray all(Table table) {
        return table.rows(IntStream.range(0, table.count()).toArray());
    }

    private Places places() {
        return new Places(folder, folder, scratch);
    }

    private static byte[] idx() {
        return ByteBuffer.allocate(20)
                .putInt(0x803)
                .putInt(2)
                .putInt(1)
                .putInt(2)
                .put(new byte[] {0, -1, 51, (byte) 204})
                .array();
    }

    static Path golden(String name) {
        return NpyTest.golden("f4").resolveSibling(name + ".npz");
    }
}
