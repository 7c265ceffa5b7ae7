package dev.palimpsest.runtime.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.runtime.data.ImageItems;
import dev.palimpsest.runtime.data.NpyItems;
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
