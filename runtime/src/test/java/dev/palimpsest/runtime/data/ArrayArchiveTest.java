package dev.palimpsest.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ArrayArchiveTest {
    private static final float[] VALUES = {1.5f, -0f, Float.MIN_VALUE, Float.NaN, 3e38f, 1 / 3f};

    @TempDir
    private Path folder;

    private Path written() {
        TreeMap<String, INDArray> arrays = new TreeMap<>();
        arrays.put("weights", Nd4j.createFromArray(VALUES));
        arrays.put("pool", Nd4j.createFromArray(VALUES).reshape('c', 1, 2, 3));
        Path file = folder.resolve("state.npz");
        new ArrayArchive(arrays, "{\"step\":7}").write(file);
        return file;
    }

    @Test
    void what_is_read_has_the_bits_and_shapes_of_what_was_written() {
        ArrayArchive read = ArrayArchive.read(written());
        assertThat(read.text()).isEqualTo("{\"step\":7}");
        assertThat(read.arrays().keySet()).containsExactly("pool", "weights");
        assertThat(read.arrays().get("weights").toFloatVector()).containsExactly(VALUES);
        assertThat(read.arrays().get("pool").shape()).containsExactly(1, 2, 3);
    }

    @Test
    void it_is_a_zip_of_npy_files_as_numpy_opens_it() throws IOException {
        try (ZipFile zip = new ZipFile(written().toFile())) {
            byte[] array = zip.getInputStream(zip.getEntry("pool.npy")).readAllBytes();
            assertThat(new String(array, 1, 5, StandardCharsets.US_ASCII)).isEqualTo("NUMPY");
        }
    }

    @Test
    void cut_off_anywhere_it_is_refused_with_its_name() throws IOException {
        Path whole = written();
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = folder.resolve("cut.npz");
        for (int length = 0; length < bytes.length; length++) {
            Files.write(cut, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> ArrayArchive.read(cut))
                    .as("after %d of %d bytes", length, bytes.length)
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(cut.toString());
        }
    }

    /** A flipped bit of what the archive repeats, such as the time of an entry, does no harm. */
    @Test
    void a_flipped_bit_is_refused_or_changes_nothing() throws IOException {
        byte[] bytes = Files.readAllBytes(written());
        Path flipped = folder.resolve("flipped.npz");
        int refused = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte[] other = bytes.clone();
            other[i] ^= (byte) (1 << i % 8);
            Files.write(flipped, other);
            try {
                ArrayArchive read = ArrayArchive.read(flipped);
                assertThat(read.text()).as("byte %d", i).isEqualTo("{\"step\":7}");
                assertThat(read.arrays().keySet()).as("byte %d", i).containsExactly("pool", "weights");
                read.arrays()
                        .values()
                        .forEach(array -> assertThat(Nd4j.toFlattened(array).toFloatVector())
                                .containsExactly(VALUES));
            } catch (DataException told) {
                refused++;
            }
        }
        assertThat(refused).as("of %d", bytes.length).isGreaterThan(bytes.length / 2);
    }
}
