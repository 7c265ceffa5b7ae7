package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.runtime.cli.Launcher.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagnoseIT {
    private static final String RECIPE =
            Launcher.HOME.resolve("recipes/gaussian.yaml").toString();

    @TempDir
    Path folder;

    @Test
    void a_place_where_no_page_can_be_written_is_noticed_before_the_forward_model_is_called() {
        Launcher launcher = Launcher.brief(folder);
        launcher.write("file", "");
        Result refused = launcher.run("diagnose", RECIPE, "--output", "file/page.html");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err())
                .startsWith("cannot write file/page.html: ")
                .endsWith("/file is not a folder\n")
                .hasLineCount(1);
    }

    @Test
    void a_recipe_that_cannot_be_read_leaves_no_folder() {
        Result refused = Launcher.brief(folder).run("diagnose", "none.yaml", "--output", "new/page.html");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(folder).isEmptyDirectory();
    }
}
