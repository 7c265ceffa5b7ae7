package dev.palimpsest.runtime.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.Npy;
import dev.palimpsest.runtime.report.ReportContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

class ReportPageTest {
    @TempDir
    Path folder;

    private WrittenRun run;

    @BeforeEach
    void finished() {
        run = WrittenRun.finished(folder, 40, 1, 16, 16);
    }

    private ReportContent content() {
        return ReportPage.of(RecordedRun.read(folder));
    }

    private String metrics() throws IOException {
        return Files.readString(folder.resolve("metrics.jsonl"));
    }

    private static List<Double> steps(ReportContent content, String title) {
        return content.curves().stream()
                .filter(curve -> curve.title().startsWith(title))
                .flatMap(curve -> curve.points().stream())
                .map(ReportContent.Point::step)
                .toList();
    }

    @Test
    void what_the_files_say_is_on_the_page() throws IOException {
        Path page = folder.resolve("report.html");
        ReportPage.write(folder, page);
        assertThat(page)
                .content()
                .contains(
                        "F is gaussian-noise: Adds Gaussian noise: y = x + sigma xi. Here sigma = 0.5 (Standard deviation of the noise).")
                .contains("400 observations y = F(x) of shape 1 × 16 × 16, 40 of them held out")
                .contains("noise of standard deviation 0.500")
                .contains("what is restored is a little too smooth")
                .contains("F(restored) cannot be told from held-out observations", "p = 0.4")
                .contains("20.5", "observed 9.25")
                .contains("PSNR in decibels (dashed: the observations)")
                .contains("palimpsest-noise", "ab".repeat(32))
                .contains("palimpsest run recipe.yaml --locked plugins.lock")
                .contains("Held-out items 17 to 24");
    }

    @Test
    void the_command_that_runs_it_again_names_the_run_whose_drift_it_uses() {
        run.write("drift.json", "{\"run\": \"runs/other/3\", \"otherData\": false}");
        assertThat(content().commands())
                .singleElement()
                .asString()
                .startsWith("palimpsest run recipe.yaml --locked plugins.lock --drift runs/other/3  #");
    }

    @Test
    void what_a_score_was_taken_on_stands_under_the_table() throws IOException {
        String summary = Files.readString(folder.resolve("summary.json"));
        run.write(
                "summary.json",
                summary.replace(
                        "\"scores\": {",
                        "\"scores\": {\"frechet-mine\": {\"value\": 3, \"better\": \"lower\","
                                + " \"about\": \"on mine (SHA-256 0123456789ab), 64 features\"},"));
        Path page = folder.resolve("report.html");
        ReportPage.write(folder, page);
        assertThat(page)
                .content()
                .contains("<p class=\"note\">frechet-mine: on mine (SHA-256 0123456789ab), 64 features.</p>")
                .doesNotContain("<p class=\"note\">psnr: ");
    }

    @Test
    void the_same_files_give_the_same_page() throws IOException {
        Path one = folder.resolve("one.html");
        Path other = folder.resolve("other.html");
        ReportPage.write(folder, one);
        ReportPage.write(folder, other);
        assertThat(one).hasSameBinaryContentAs(other);
    }

    @Test
    void a_run_that_has_not_come_to_its_end_has_a_page_that_says_so() {
        WrittenRun.begun(folder.resolve("other"));
        ReportContent content = ReportPage.of(RecordedRun.read(folder.resolve("other")));
        assertThat(content.warnings()).singleElement().asString().contains("has not come to its end", "resume");
        assertThat(content.facts()).contains(ReportContent.Fact.count("steps so far", 600));
        assertThat(content.scores()).isEmpty();
        assertThat(content.pictures()).isEmpty();
        assertThat(steps(content, "loss")).hasSize(60);
    }

    @Test
    void a_half_line_is_that_of_a_killed_run_and_left_out() throws IOException {
        run.write("metrics.jsonl", metrics() + "{\"step\":610,\"lo");
        assertThat(steps(content(), "loss")).hasSize(60).endsWith(600.);
    }

    @Test
    void steps_that_were_taken_again_are_there_once_and_those_that_training_went_back_behind_not_at_all()
            throws IOException {
        run.write("metrics.jsonl", metrics() + Json.line(WrittenRun.step(590, 9)));
        assertThat(steps(content(), "loss")).hasSize(59).endsWith(580., 590.);
        run.write("metrics.jsonl", metrics() + "{\"step\":601,\"wentBackTo\":300}\n");
        assertThat(steps(content(), "loss")).hasSize(30).endsWith(300.);
        assertThat(steps(content(), "observation energy")).containsExactly(300.);
    }

    @Test
    void the_spread_of_several_restorations_is_shown_where_it_was_drawn() {
        Npy.write(folder.resolve("held-out/deviation.npy"), Nd4j.ones(40, 1, 16, 16));
        assertThat(content().pictures().get(0).columns()).endsWith("error", "uncertainty");
    }

    /** 24 images of 96 x 96 pixels have as many as 6 of 192 x 192; of no size fewer than 4 are shown. */
    @ParameterizedTest
    @CsvSource({"96, 24", "192, 6", "300, 4"})
    void of_large_images_fewer_are_shown(int side, int shown) {
        WrittenRun.finished(folder.resolve("large"), 30, 1, side, side);
        assertThat(ReportPage.of(RecordedRun.read(folder.resolve("large"))).pictures())
                .last()
                .extracting(picture -> picture.caption())
                .asString()
                .contains(" to " + shown + ",");
    }

    @Test
    void items_that_do_not_fit_together_are_an_error_that_names_the_file() {
        Npy.write(folder.resolve("held-out/restored.npy"), Nd4j.ones(40, 1, 8, 8));
        assertThatThrownBy(this::content)
                .isInstanceOf(DataException.class)
                .hasMessageContaining("restored.npy")
                .hasMessageContaining("y.npy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"summary.json", "environment.json", "question.json", "metrics.jsonl"})
    void a_file_that_is_something_else_is_an_error_that_names_it(String name) {
        run.write(name, "[1, 2]\n");
        assertThatThrownBy(this::content).isInstanceOf(DataException.class).hasMessageContaining(name);
    }

    @Test
    void a_folder_without_a_recipe_is_none_of_a_run() {
        assertThatThrownBy(() -> RecordedRun.read(folder.resolve("held-out")))
                .isInstanceOf(RunException.class)
                .hasMessageContaining("is not a run folder");
    }

    @Test
    void a_run_without_checkpoints_says_why_there_are_no_curves_of_them() throws IOException {
        run.write("metrics.jsonl", Json.line(WrittenRun.step(10, 1)));
        run.write("recipe.yaml", "name: written\ntrain: {checkpointEvery: 0}\n");
        assertThat(content().noCurves()).contains("No checkpoint was judged, as train.checkpointEvery is 0");
    }
}
