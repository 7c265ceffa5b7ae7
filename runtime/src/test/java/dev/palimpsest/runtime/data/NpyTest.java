package dev.palimpsest.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NpyTest {
    private static final String DESCR = "{'descr': '<f4', 'fortran_order': False, 'shape': ";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"f4", "f4-big", "f8", "version2", "version3"})
    void a_file_of_real_numbers_that_numpy_wrote_is_read(String name) {
        assertValues(golden(name), 1 / 8f, -1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"i1", "i2-big", "i4", "i8"})
    void a_file_of_signed_integers_that_numpy_wrote_is_read(String name) {
        assertValues(golden(name), 5, -60);
    }

    @ParameterizedTest
    @ValueSource(strings = {"u1", "u2", "u4"})
    void a_file_of_unsigned_integers_that_numpy_wrote_is_read(String name) {
        assertValues(golden(name), 10, 0);
    }

    @Test
    void a_file_of_booleans_is_read_as_ones_and_zeros() {
        float[] values = Npy.read(golden("b1")).dup().data().asFloat();
        for (int k = 0; k < 24; k++) {
            assertThat(values[k]).isEqualTo(k % 3 == 0 ? 1 : 0);
        }
    }

    @Test
    void what_is_written_has_the_bytes_that_numpy_writes() throws IOException {
        Path file = folder.resolve("x.npy");
        Npy.write(file, Npy.read(golden("f4")));
        assertThat(file).hasSameBinaryContentAs(golden("f4"));
    }

    @Test
    void an_array_that_is_a_transposed_view_is_written_in_its_own_order() {
        Path file = folder.resolve("x.npy");
        INDArray x = Nd4j.createFromArray(new float[][] {{1, 2, 3}, {4, 5, 6}}).transpose();
        Npy.write(file, x);
        assertThat(Npy.read(file).toFloatMatrix()).isDeepEqualTo(new float[][] {{1, 4}, {2, 5}, {3, 6}});
    }

    @Test
    void a_vector_keeps_its_one_dimension() {
        Path file = folder.resolve("x.npy");
        Npy.write(file, Nd4j.createFromArray(1f, 2f, 3f));
        assertThat(Npy.read(file).shape()).containsExactly(3);
    }

    @Test
    void an_array_larger_than_one_part_comes_back_as_it_was() {
        Path file = folder.resolve("x.npy");
        int n = 3 * Values.AT_ONCE / 2 + 1;
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = i;
        }
        Npy.write(file, Nd4j.createFromArray(values).reshape(n, 1));
        assertThat(Npy.read(file).data().asFloat()).isEqualTo(values);
    }

    @Test
    void writing_replaces_the_file_and_leaves_nothing_beside_it() throws IOException {
        Path file = folder.resolve("new").resolve("x.npy");
        Npy.write(file, Nd4j.createFromArray(1f, 2f, 3f));
        Npy.write(file, Nd4j.createFromArray(4f));
        assertThat(Npy.read(file).toFloatVector()).containsExactly(4);
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void a_missing_file_is_an_error_with_its_name() {
        Path file = folder.resolve("nothing.npy");
        assertThatThrownBy(() -> Npy.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("no such file");
    }

    @Test
    void a_folder_is_no_file() {
        assertThatThrownBy(() -> Npy.read(folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("there is a folder");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("unreadable")
    void a_file_that_numpy_wrote_but_holds_no_usable_numbers_says_why(String name, String reason) {
        assertThatThrownBy(() -> Npy.read(golden(name)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(name + ".npy")
                .hasMessageContaining(reason);
    }

    static Stream<Arguments> unreadable() {
        return Stream.of(
                Arguments.of("object", "got dtype '|O'; save array.astype('float32')"),
                Arguments.of("structured", "expected a .npy header"),
                Arguments.of("scalar", "got ()"),
                Arguments.of("empty", "got (0, 3)"),
                Arguments.of("fortran", "numpy.ascontiguousarray"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void a_malformed_file_is_an_error_with_its_name_and_what_came(String kind, byte[] bytes, String reason)
            throws IOException {
        Path file = Files.write(folder.resolve("bad.npy"), bytes);
        assertThatThrownBy(() -> Npy.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(reason);
    }

    static Stream<Arguments> malformed() {
        byte[] whole = npy(DESCR + "(2, 3), }", 24);
        byte[] version = whole.clone();
        version[6] = 9;
        byte[] longHeader = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, -1, -1, -1, -1};
        return Stream.of(
                Arguments.of("no bytes", new byte[0], "the file is empty"),
                Arguments.of("text", "1.0,2.0,3.0".getBytes(StandardCharsets.UTF_8), "this one does not"),
                Arguments.of("half of the magic number", Arrays.copyOf(whole, 4), "this one does not"),
                Arguments.of("a version to come", version, "got 9"),
                Arguments.of("ends before its header's length", Arrays.copyOf(whole, 9), "ends within its header"),
                Arguments.of("ends within its header", Arrays.copyOf(whole, 40), "ends within its header"),
                Arguments.of("a header of 4 GiB", longHeader, "got one of 4294967295"),
                Arguments.of("values cut off", Arrays.copyOf(whole, whole.length - 1), "the file is cut off"),
                Arguments.of("no values", Arrays.copyOf(whole, whole.length - 24), "the file is cut off"),
                Arguments.of("trailing bytes", Arrays.copyOf(whole, whole.length + 1), "something was appended"),
                Arguments.of("a huge shape", npy(DESCR + "(1000000, 1000000), }", 24), "the file is cut off"),
                Arguments.of(
                        "a shape whose product overflows",
                        npy(DESCR + "(4294967296, 4294967296), }", 24),
                        "got [4294967296, 4294967296]"),
                Arguments.of(
                        "a dimension beyond 64 bits",
                        npy(DESCR + "(99999999999999999999, 1), }", 24),
                        "got (99999999999999999999, 1)"),
                Arguments.of("a negative dimension", npy(DESCR + "(-2, 3), }", 24), "got (-2, 3)"),
                Arguments.of("a shape of words", npy(DESCR + "(two, 3), }", 24), "got (two, 3)"),
                Arguments.of(
                        "too many dimensions", npy(DESCR + "(" + "1, ".repeat(33) + "), }", 4), "1 to 32 dimensions"),
                Arguments.of("no dictionary", npy("hello", 24), "got hello"),
                Arguments.of(
                        "no shape", npy("{'descr': '<f4', 'fortran_order': False, }", 24), "expected a .npy header"),
                Arguments.of("a key twice", npy(DESCR + "(2,), 'shape': (3,), }", 24), "expected a .npy header"),
                Arguments.of("code instead of values", npy(DESCR + "exec('x'), }", 24), "expected a .npy header"),
                Arguments.of(
                        "an order that is no truth value",
                        npy("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (6,), }", 24),
                        "got Maybe"),
                Arguments.of(
                        "an unquoted type",
                        npy("{'descr': f, 'fortran_order': False, 'shape': (6,), }", 24),
                        "got dtype f"),
                Arguments.of(
                        "complex numbers",
                        npy("{'descr': '<c8', 'fortran_order': False, 'shape': (3,), }", 24),
                        "got dtype '<c8'"),
                Arguments.of(
                        "an empty type",
                        npy("{'descr': '', 'fortran_order': False, 'shape': (6,), }", 24),
                        "got dtype ''"));
    }

    /** The bytes of a file of version 1 with this header and so many bytes of values, all zero. */
    private static byte[] npy(String header, int values) {
        byte[] text = header.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(10 + text.length + values)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) text.length)
                .put(text)
                .array();
    }

    private static void assertValues(Path file, float slope, float start) {
        INDArray x = Npy.read(file);
        assertThat(x.shape()).containsExactly(2, 3, 4);
        float[] values = x.dup().data().asFloat();
        for (int k = 0; k < 24; k++) {
            assertThat(values[k]).isEqualTo(slope * k + start);
        }
    }

    static Path golden(String name) {
        try {
            return Path.of(NpyTest.class.getResource(name + ".npy").toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
