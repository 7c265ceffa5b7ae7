package dev.palimpsest.runtime.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palimpsest.runtime.data.FileException;
import dev.palimpsest.runtime.data.ImageItems;
import dev.palimpsest.runtime.data.NpyItems;
import dev.palimpsest.runtime.data.ObservedItems;
import dev.palimpsest.runtime.data.TwoMoons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFilesTest {
    @TempDir
    Path folder;

    @Test
    void a_file_that_changed_is_another() throws IOException {
        Path file = Files.writeString(folder.resolve("x.npy"), "one");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
        String before = DataFiles.of(new NpyItems(file, 0, 1));
        assertThat(before).contains("x.npy 3 1000");
        assertThat(DataFiles.of(new NpyItems(file, 0, 1))).isEqualTo(before);
        Files.writeString(file, "another");
        assertThat(DataFiles.of(new NpyItems(file, 0, 1))).isNotEqualTo(before);
    }

    @Test
    void a_folder_that_is_a_link_and_links_in_it_are_seen_through() throws IOException {
        Path images = Files.createDirectories(folder.resolve("images"));
        Path other = Files.createDirectories(folder.resolve("other"));
        Path image = Files.writeString(other.resolve("b.png"), "one");
        Files.createSymbolicLink(images.resolve("more"), other);
        Files.createSymbolicLink(images.resolve("a.png"), image);
        Files.createSymbolicLink(images.resolve("gone.png"), folder.resolve("nothing"));
        ImageItems data = new ImageItems(Files.createSymbolicLink(folder.resolve("link"), images), 0, 1);
        String before = DataFiles.of(data);
        assertThat(before.lines()).hasSize(2);
        Files.writeString(image, "another");
        assertThat(DataFiles.of(data).lines())
                .hasSize(2)
                .doesNotContainAnyElementsOf(before.lines().toList());
    }

    @Test
    void a_folder_that_links_to_itself_is_told_and_not_read_without_end() throws IOException {
        Files.createSymbolicLink(folder.resolve("again"), folder);
        assertThatThrownBy(() -> DataFiles.of(new ImageItems(folder, 0, 1)))
                .isInstanceOf(FileException.class)
                .hasMessageStartingWith("cannot read " + folder);
    }

    @Test
    void what_is_known_of_observations_in_one_file_counts_with_it() throws IOException {
        ObservedItems data = new ObservedItems(Files.writeString(folder.resolve("scans.npy"), "one"), 0, 1);
        String before = DataFiles.of(data);
        Files.writeString(folder.resolve("conditioning.npy"), "masks");
        assertThat(DataFiles.of(data)).startsWith(before).contains("conditioning.npy 5");
    }

    @Test
    void all_files_of_a_folder_count_and_what_is_drawn_has_none() throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("images/more")).resolve("b.png"), "");
        Files.writeString(folder.resolve("images/a.png"), "");
        assertThat(DataFiles.of(new ImageItems(folder.resolve("images"), 0, 1)).lines())
                .hasSize(2)
                .first()
                .asString()
                .contains("a.png");
        assertThat(DataFiles.of(new TwoMoons())).isEmpty();
    }
}
