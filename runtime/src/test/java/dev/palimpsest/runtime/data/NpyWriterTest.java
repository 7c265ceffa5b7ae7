package dev.palimpsest.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

class NpyWriterTest {
    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    Path folder;

    /** What is written beside the file's place goes to a device that is always full. */
    @EnabledOnOs(OS.LINUX)
    @Test
    void a_writer_that_finds_the_disk_full_at_once_leaves_neither_a_file_nor_an_open_one() throws IOException {
        Path file = folder.resolve("x.npy");
        Path beside = folder.resolve(".x.npy." + ProcessHandle.current().pid() + ".part");
        Files.createSymbolicLink(beside, FULL);
        assertThatThrownBy(() -> new NpyWriter(file, 2, 3))
                .isInstanceOf(FileException.class)
                .hasMessage("cannot write " + file + ": No space left on device");
        assertThat(Files.exists(beside, LinkOption.NOFOLLOW_LINKS)).isFalse();
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(open.filter(NpyWriterTest::isFull)).isEmpty();
        }
    }

    private static boolean isFull(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).equals(FULL);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    @Test
    void of_several_files_none_is_left_begun_if_one_cannot_be() throws IOException {
        Path taken = Files.createFile(folder.resolve("taken"));
        Path good = folder.resolve("good/x.npy");
        assertThatThrownBy(() -> NpyWriter.all(List.of(good, taken.resolve("x.npy")), Optional.empty(), 2, 3))
                .isInstanceOf(FileException.class)
                .hasMessageContaining("is not a folder");
        assertThat(good.getParent()).isEmptyDirectory();
    }

    @Test
    void an_npz_file_has_the_one_array_where_it_can_be_read_in_place_and_the_same_bytes_each_time() throws IOException {
        Path file = folder.resolve("x.npz");
        Path again = folder.resolve("again.npz");
        for (Path path : List.of(file, again)) {
            try (NpyWriter writer = new NpyWriter(path, Optional.of("y"), 2, 3)) {
                writer.append(new float[] {1, 2, 3, 4});
                writer.append(new float[] {5, 6});
                writer.finish();
            }
        }
        assertThat(file).hasSameBinaryContentAs(again);
        try (NpyFile array = ArrayPlace.of(file, "any").open(folder)) {
            assertThat(array.place()).isPresent();
            assertThat(array.all().toFloatMatrix()).isDeepEqualTo(new float[][] {{1, 2, 3}, {4, 5, 6}});
        }
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            assertThat(zip.getNextEntry().getName()).isEqualTo("y.npy");
            Npy.write(folder.resolve("y.npy"), Nd4j.createFromArray(new float[][] {{1, 2, 3}, {4, 5, 6}}));
            assertThat(zip.readAllBytes()).isEqualTo(Files.readAllBytes(folder.resolve("y.npy")));
            assertThat(zip.getNextEntry()).isNull();
        }
    }

    @Test
    void an_npz_file_that_is_not_finished_is_not_there() throws IOException {
        try (NpyWriter writer = new NpyWriter(folder.resolve("x.npz"), Optional.of("y"), 2, 3)) {
            writer.append(new float[] {1, 2, 3, 4});
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_file_that_is_there_is_replaced_by_the_whole_new_one_only() {
        Path file = folder.resolve("x.npy");
        Npy.write(file, Nd4j.ones(2, 3));
        try (NpyWriter writer = new NpyWriter(file, 4)) {
            writer.append(new float[] {1, 2});
        }
        assertThat(Npy.read(file)).isEqualTo(Nd4j.ones(2, 3));
        Npy.write(file, Nd4j.zeros(1, 1));
        assertThat(Npy.read(file)).isEqualTo(Nd4j.zeros(1, 1));
        assertThat(folder).isDirectoryNotContaining(left -> !left.equals(file));
    }
}
