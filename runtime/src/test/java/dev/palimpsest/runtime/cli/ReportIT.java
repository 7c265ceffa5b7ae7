package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.runtime.cli.Launcher.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportIT {
    private static final String TWO_MOONS =
            Launcher.HOME.resolve("recipes/two-moons.yaml").toString();

    @TempDir
    Path folder;

    private Launcher launcher() {
        return Launcher.brief(folder);
    }

    private Result train(String... more) {
        String[] command = {
            "run",
            TWO_MOONS,
            "data.count=400",
            "data.holdOut=200",
            "train.steps=20",
            "train.warmUp=10",
            "train.batch=32",
            "train.checkpointEvery=10"
        };
        String[] all = new String[command.length + more.length];
        System.arraycopy(command, 0, all, 0, command.length);
        System.arraycopy(more, 0, all, command.length, more.length);
        return launcher().run(all);
    }

    @Test
    void a_page_is_made_anew_from_the_files_and_several_runs_have_one_page() throws IOException {
        Path first = folder.resolve(train("--tensorboard").lastLine());
        Path second = folder.resolve(train("forward.sigma=0.25").lastLine());
        Path report = first.resolve("report.html");
        byte[] before = Files.readAllBytes(report);
        Files.delete(report);

        Result again = launcher().run("report", first.toString());
        assertThat(again.code()).isZero();
        assertThat(again.lastLine()).isEqualTo(report.toString());
        assertThat(report).hasBinaryContent(before);
        assertThat(report)
                .content()
                .contains("F is gaussian-noise: Adds Gaussian noise: y = x + sigma xi. Here sigma = 0.5")
                .contains("400 observations y = F(x) of shape 2, 200 of them held out");

        Result both = launcher().run("report", first.toString(), second.toString(), "--output", "both.html");
        assertThat(both.code()).isZero();
        assertThat(folder.resolve("both.html"))
                .content()
                .contains("<th scope=\"row\">forward.sigma</th>", "restored 2", "runs/two-moons/2/report.html");

        assertThat(first.resolve("tensorboard")).isDirectoryContaining("glob:**tfevents*");
        assertThat(Files.readString(
                        first.resolve("tensorboard/events.out.tfevents.0000000001.palimpsest"),
                        StandardCharsets.ISO_8859_1))
                .contains(
                        "train/loss",
                        "train/gradient_norm",
                        "train/learning_rate",
                        "train/items_per_second",
                        "held_out/observation_energy",
                        "held_out/p_value",
                        "held_out/distance_to_the_truth");
        assertThat(Files.readString(
                        first.resolve("tensorboard/events.out.tfevents.0000000002.palimpsest"),
                        StandardCharsets.ISO_8859_1))
                .contains("samples/items", "PNG");
        assertThat(second.resolve("tensorboard")).doesNotExist();
    }

    @Test
    void a_page_of_an_unfinished_run_gives_way_to_that_of_the_finished_one() throws IOException {
        Path run = folder.resolve(train().lastLine());
        Path report = run.resolve("report.html");
        Files.delete(run.resolve("summary.json"));
        Files.delete(report);
        assertThat(launcher().run("report", run.toString()).code()).isZero();
        assertThat(report).content().contains("the run has not come to its end");

        Result resumed = launcher().run("resume", run.toString());
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(report).content().contains("sliced-wasserstein").doesNotContain("the run has not come to its end");
    }

    @Test
    void what_is_no_run_is_one_sentence() {
        Result result = launcher().run("report", "nowhere");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("nowhere is not a run folder: it has no recipe.yaml\n");
        assertThat(launcher().run("report").code()).isEqualTo(2);
    }
}
