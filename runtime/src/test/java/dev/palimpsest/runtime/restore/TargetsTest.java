package dev.palimpsest.runtime.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palimpsest.runtime.data.ArrayArchive;
import dev.palimpsest.runtime.data.ArrayPlace;
import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.Fitting;
import dev.palimpsest.runtime.data.ImageFile;
import dev.palimpsest.runtime.data.ImageFormat;
import dev.palimpsest.runtime.data.Npy;
import dev.palimpsest.runtime.data.Planes;
import dev.palimpsest.runtime.run.Sizes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

class TargetsTest {
    private static final long[] ITEM = {1, 1, 2};

    @TempDir
    Path folder;

    private Path in;
    private Path out;
    private Layout layout;

    @BeforeEach
    void anImageAndAFolderOfResults() throws IOException {
        in = Files.createDirectories(folder.resolve("in"));
        out = Files.createDirectories(folder.resolve("out"));
        layout = Layout.of(out, Estimate.SAMPLE, 1);
        image(in.resolve("a.png"));
    }

    @Test
    void an_image_that_is_a_link_to_the_place_of_its_result_is_not_overwritten() throws IOException {
        Path original = image(out.resolve("b.png"));
        Files.createSymbolicLink(in.resolve("b.png"), original);
        refusedAsRead(images(), Known.NOTHING, original);
    }

    @Test
    void an_array_that_is_a_link_to_the_place_of_its_result_is_not_overwritten() throws IOException {
        Path original = out.resolve("y.npy");
        Npy.write(original, Nd4j.zeros(3, 2));
        Path link = Files.createSymbolicLink(in.resolve("y.npy"), original);
        try (Source array = array(link)) {
            refusedAsRead(array, Known.NOTHING, original);
        }
    }

    @Test
    void a_mask_that_lies_at_the_place_of_a_result_is_not_overwritten() throws IOException {
        Path mask = image(out.resolve("a.png"));
        ImageSource images = images();
        refusedAsRead(images, images.maps(out, 1), mask);
    }

    @Test
    void a_file_that_no_call_has_written_is_not_overwritten() throws IOException {
        Path foreign = image(out.resolve("a.png"));
        Targets targets = new Targets(layout, images(), Known.NOTHING);
        targets.requireNoInput();
        assertThatThrownBy(() -> targets.requireOwn(manifest(false)))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(foreign.toString())
                .hasMessageContaining("--again");
    }

    @Test
    void what_a_stopped_call_has_begun_is_its_own_also_after_a_call_that_began_anew() throws IOException {
        Source images = images();
        images.sink(layout, manifest(false), Known.NOTHING).begun(new int[] {0});
        image(out.resolve("a.png"));
        Targets targets = new Targets(layout, images, Known.NOTHING);
        assertThatCode(() -> targets.requireOwn(manifest(false))).doesNotThrowAnyException();
        manifest(true);
        assertThatCode(() -> targets.requireOwn(manifest(false))).doesNotThrowAnyException();
        assertThat(manifest(false).has("a.png", "digest")).isFalse();
        manifest(false).add(Map.of("a.png", "digest"));
        assertThat(manifest(false).has("a.png", "digest")).isTrue();
    }

    @Test
    void an_image_that_changes_while_it_is_restored_will_be_restored_again() throws IOException {
        ImageSource images = images();
        Manifest manifest = manifest(false);
        Sink sink = images.sink(layout, manifest, Known.NOTHING);
        sink.begun(new int[] {0});
        images.read(new int[] {0});
        image(out.resolve("a.png"));
        sink.finished(new int[] {0});
        assertThat(images.missing(manifest(false), Known.NOTHING, layout)).isEmpty();

        sink.begun(new int[] {0});
        images.read(new int[] {0});
        image(in.resolve("a.png"), 1, -1);
        sink.finished(new int[] {0});
        assertThat(images.missing(manifest(false), Known.NOTHING, layout)).containsExactly(0);
    }

    @Test
    void an_array_that_changes_while_it_is_restored_will_be_restored_again() {
        Path file = in.resolve("y.npy");
        Npy.write(file, Nd4j.zeros(3, 2));
        try (ArraySource array = array(file)) {
            Npy.write(file, Nd4j.ones(3, 2));
            restored(array);
        }
        try (ArraySource array = array(file)) {
            assertThat(array.missing(manifest(false), Known.NOTHING, layout)).hasSize(3);
            restored(array);
            assertThat(array.missing(manifest(false), Known.NOTHING, layout)).isEmpty();
        }
    }

    @Test
    void what_a_killed_call_has_left_of_an_array_is_removed_and_another_arrays_is_not() throws IOException {
        for (String name : List.of("y.npy", "y.npz")) {
            Path file = in.resolve(name);
            if (name.endsWith("z")) {
                new ArrayArchive(new TreeMap<>(Map.of("y", Nd4j.zeros(3, 2))), "").write(file);
            } else {
                Npy.write(file, Nd4j.zeros(3, 2));
            }
            Path left = Files.createFile(out.resolve("." + name + ".1.part"));
            Path others = Files.createFile(out.resolve(".x" + name + ".1.part"));
            try (ArraySource array = array(file)) {
                restored(array);
            }
            assertThat(out.resolve(name)).exists();
            assertThat(left).doesNotExist();
            assertThat(others).exists();
        }
    }

    private ArraySource array(Path file) {
        return new ArraySource(
                ArrayPlace.of(file, "y"), Optional.empty(), new Sizes(new long[] {2}, false), Optional.empty(), folder);
    }

    private void restored(ArraySource array) {
        int[] all = {0, 1, 2};
        try (Sink sink = array.sink(layout, manifest(false), Known.NOTHING)) {
            sink.begun(all);
            sink.put(0, all, array.read(all));
            sink.end();
        }
    }

    @Test
    void a_line_that_ends_within_a_character_counts_for_nothing() throws IOException {
        manifest(false).add(Map.of("a.png", "digest"));
        Files.write(
                out.resolve(Manifest.FILE),
                new byte[] {'{', '"', 'f', 'i', 'l', 'e', '"', ':', '"', (byte) 0xc3},
                StandardOpenOption.APPEND);
        assertThat(manifest(false).has("a.png", "digest")).isTrue();
    }

    @Test
    void a_mask_whose_name_only_begins_as_the_images_is_another_images() throws IOException {
        Path masks = Files.createDirectories(folder.resolve("masks"));
        image(masks.resolve("a.b.png"));
        assertThatThrownBy(() -> new KnownMaps.Folder(masks).of(Path.of("a.tif")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("got none");
        Path own = image(masks.resolve("a.png"));
        assertThat(new KnownMaps.Folder(masks).of(Path.of("a.tif"))).isEqualTo(own);
    }

    private void refusedAsRead(Source source, Known known, Path target) {
        assertThatThrownBy(() -> new Targets(layout, source, known).requireNoInput())
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(target.toString())
                .hasMessageContaining("name another --output");
    }

    private Manifest manifest(boolean again) {
        return Manifest.open(out, new TreeMap<>(Map.of("seed", "1")), again);
    }

    private ImageSource images() throws IOException {
        List<Path> files = ImageFile.under(in);
        return new ImageSource(in, files, new Sizes(ITEM, false), Fitting.NONE, Optional.empty());
    }

    private static Path image(Path file) {
        return image(file, -1, 1);
    }

    private static Path image(Path file, float... values) {
        ImageFile.write(file, new ImageFormat(ImageFormat.Kind.PNG, 8, 1), new Planes(1, 1, 2, values));
        return file;
    }
}
