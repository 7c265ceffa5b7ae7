package dev.palimpsest.runtime.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.runtime.run.WrittenRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsPageTest {
    @TempDir
    Path folder;

    private Path one;
    private Path other;
    private Path begun;

    @BeforeEach
    void write() throws IOException {
        one = WrittenRun.finished(folder.resolve("runs/a/1"), 8, 1, 16, 16).folder();
        other = WrittenRun.finished(folder.resolve("runs/a/2"), 8, 1, 16, 16).folder();
        begun = WrittenRun.begun(folder.resolve("runs/b/1")).folder();
        Path recipe = other.resolve("recipe.yaml");
        Files.writeString(recipe, Files.readString(recipe).replace("sigma: 0.5", "sigma: 0.25"));
    }

    private String page(Path... runs) throws IOException {
        Path page = folder.resolve("pages/runs.html");
        RunsPage.write(List.of(runs), page);
        return Files.readString(page);
    }

    @Test
    void runs_stand_side_by_side_with_scores_anchors_links_curves_and_pictures() throws IOException {
        assertThat(page(one, other, begun))
                .contains("<a href=\"./../runs/a/2/report.html\">2</a>", ">a/2</td>")
                .contains("<td data-value=\"20.5\">", "identity", "9.25")
                .contains("psnr, higher is better, against seconds of training; run 1 (a/1) ends at 20 after 12")
                .contains("loss, neither way is better, against training steps")
                .contains("loss, neither way is better, against seconds of training")
                .contains("<span>clean</span><span>observed</span><span>restored 1</span><span>restored 2</span>")
                .contains("has not come to its end");
    }

    @Test
    void names_that_mean_something_else_in_an_address_are_encoded_in_links() throws IOException {
        Path odd = WrittenRun.finished(folder.resolve("pages/a: 50% #1?/1"), 8, 1, 16, 16)
                .folder();
        assertThat(page(odd)).contains("<a href=\"./a%3A%2050%25%20%231%3F/1/report.html\">1</a>");
    }

    @Test
    void what_differs_between_the_recipes_is_a_table_and_what_does_not_is_not_in_it() throws IOException {
        String page = page(one, other);
        assertThat(page)
                .containsPattern(
                        Pattern.compile("<th scope=\"row\">forward.sigma</th><td[^>]*>0.5</td><td[^>]*>0.25</td>"))
                .doesNotContain("<th scope=\"row\">forward.type</th>");
        assertThat(page(one, one)).doesNotContain("What differs");
    }

    @Test
    void equal_costs_of_restoring_make_no_plot() throws IOException {
        assertThat(page(one, other)).doesNotContain("Scores against");
        Path summary = other.resolve("summary.json");
        Files.writeString(
                summary, Files.readString(summary).replace("\"restoringCalls\": 16", "\"restoringCalls\": 8"));
        assertThat(page(one, other)).contains("Scores against");
    }
}
