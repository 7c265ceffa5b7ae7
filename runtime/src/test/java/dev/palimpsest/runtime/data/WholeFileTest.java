package dev.palimpsest.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    Path folder;

    @Test
    void a_place_is_good_if_a_file_can_be_made_there_and_its_folder_is_made_and_nothing_else() throws IOException {
        Path page = folder.resolve("new/page.html");
        WholeFile.requirePlace(page);
        assertThat(folder.resolve("new")).isEmptyDirectory();
        WholeFile.write(page, new byte[] {7});
        WholeFile.requirePlace(page);
        assertThat(Files.readAllBytes(page)).containsExactly(7);
        assertThat(folder.resolve("new")).isDirectoryContaining(page::equals);
    }

    @Test
    void a_bad_place_is_refused_with_the_reason_in_words() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Path page = file.resolve("page.html");
        String notAFolder = "cannot write " + page + ": " + file + " is not a folder";
        assertThatThrownBy(() -> WholeFile.requirePlace(page))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage(notAFolder);
        assertThatThrownBy(() -> WholeFile.write(page, new byte[1])).hasMessage(notAFolder);
        assertThatThrownBy(() -> WholeFile.requirePlace(folder))
                .hasMessage("cannot write " + folder + ": it is a folder, where a file is to be");
    }

    /** Who may write everything finds no file made there; anyone else may be told that they may not. */
    @EnabledOnOs(OS.LINUX)
    @Test
    void a_path_alone_is_no_reason() {
        assertThatThrownBy(() -> WholeFile.requirePlace(Path.of("/proc/page.html")))
                .message()
                .isIn(
                        "cannot write /proc/page.html: no such file or folder",
                        "cannot write /proc/page.html: permission denied");
    }
}
