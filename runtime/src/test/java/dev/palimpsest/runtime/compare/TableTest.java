package dev.palimpsest.runtime.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.palimpsest.runtime.evaluate.Score;
import dev.palimpsest.runtime.recipe.Grid;
import dev.palimpsest.runtime.recipe.Parts;
import dev.palimpsest.runtime.recipe.RecipeReader;
import dev.palimpsest.runtime.report.ComparisonContent;
import dev.palimpsest.runtime.run.Measured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {
    private static final Outcome PENDING = new Outcome.Pending();

    @TempDir
    Path temporary;

    private List<Grid.Cell> cells;

    @BeforeEach
    void three_cells() throws IOException {
        Path file = Files.writeString(
                temporary.resolve("base.yaml"), "data: gaussian\nforward: random-mask\ndrift: still\nseed: 5\n");
        cells = Grid.read(new RecipeReader(new Parts()), List.of(file), List.of("drift.multipliers=[1],[1,2],[4]"))
                .cells();
    }

    private static Outcome done(String folder, double calls, long items, double psnr) {
        return done(folder, calls, items, psnr, List.of());
    }

    private static Outcome done(String folder, double calls, long items, double psnr, List<Measured.Reached> curve) {
        return new Outcome.Done(
                Path.of("out", "cells", folder),
                new Measured(
                        "base",
                        7,
                        1000,
                        calls,
                        4.5,
                        10,
                        items,
                        Map.of("train", 2., "restore", 1., "total", 3.5),
                        List.of(new Score(
                                "psnr",
                                Score.Better.HIGHER,
                                psnr,
                                OptionalDouble.of(psnr + 1.5),
                                OptionalDouble.of(6),
                                OptionalDouble.empty(),
                                OptionalDouble.of(.25),
                                "")),
                        List.of(),
                        List.of(),
                        curve,
                        List.of("watch out")));
    }

    private Table table(int seeds, List<List<Outcome>> outcomes) {
        return new Table(
                Path.of("out"),
                "base",
                List.of("drift.multipliers"),
                seeds,
                Optional.empty(),
                List.of(
                        new Row(1, cells.get(0), outcomes.get(0)),
                        new Row(2, cells.get(1), outcomes.get(1)),
                        new Row(3, cells.get(2), outcomes.get(2))));
    }

    private Table three() {
        return table(
                1,
                List.of(
                        List.of(done("a", 8, 320, 20)),
                        List.of(new Outcome.Failed("threw \"no film left\", in step 3")),
                        List.of(PENDING)));
    }

    @Test
    void the_csv_has_a_line_of_names_and_a_row_for_each_cell_with_quotes_where_rfc_4180_wants_them() {
        assertThat(Csv.of(three()).split("\r\n"))
                .containsExactly(
                        "drift.multipliers,status,reason,seeds,restoringCalls,evaluationsPerItem,steps,trainSeconds,restoreSeconds,totalSeconds,"
                                + "psnr,psnr.standardError,psnr.mean,psnr.pValue,psnr.identity,psnr.floor",
                        "[1],done,,1,8.0,4.5,10.0,2.0,1.0,3.5,20.0,,21.5,0.25,6.0,",
                        "\"[1,2]\",failed,\"threw \"\"no film left\"\", in step 3\",0,,,,,,,,,,,,",
                        "[4],pending,,0,,,,,,,,,,,,");
    }

    /** Of 1, 2, 3, 6: the mean is 3, the squares about it sum to 14, and the standard error is the root of 14 / 3 / 4. */
    @Test
    void several_seeds_have_a_mean_and_a_standard_error() {
        Table table = table(
                4,
                List.of(
                        List.of(done("a", 8, 1, 1), done("b", 8, 1, 2), done("c", 8, 1, 3), done("d", 8, 1, 6)),
                        List.of(done("e", 8, 1, 7), new Outcome.Failed("why"), PENDING, PENDING),
                        List.of(PENDING, PENDING, PENDING, PENDING)));
        JsonObject json = JsonParser.parseString(TableJson.of(table)).getAsJsonObject();
        JsonObject first = json.getAsJsonArray("cells").get(0).getAsJsonObject();
        JsonObject psnr = first.getAsJsonObject("scores").getAsJsonObject("psnr");
        assertThat(psnr.get("value").getAsDouble()).isEqualTo(3);
        assertThat(psnr.get("mean").getAsDouble()).isEqualTo(4.5);
        assertThat(psnr.get("standardError").getAsDouble()).isEqualTo(Math.sqrt(14.0 / 3 / 4));
        assertThat(first.get("runs").toString()).isEqualTo("[\"cells/a\",\"cells/b\",\"cells/c\",\"cells/d\"]");
        assertThat(first.get("warnings").toString()).isEqualTo("[\"watch out\"]");
        assertThat(json.getAsJsonObject("better").get("psnr").getAsString()).isEqualTo("higher");
        JsonObject second = json.getAsJsonArray("cells").get(1).getAsJsonObject();
        assertThat(second.get("status").getAsString()).isEqualTo("partly");
        assertThat(second.get("reason").getAsString()).isEqualTo("seed 6: why");
        assertThat(second.get("seeds").getAsInt()).isEqualTo(1);
    }

    @Test
    void a_reason_that_all_seeds_share_is_told_once_and_others_with_their_seeds() {
        Outcome why = new Outcome.Failed("why");
        Table table = table(
                3,
                List.of(
                        List.of(why, why, why),
                        List.of(why, new Outcome.Failed("how"), why),
                        List.of(PENDING, PENDING, PENDING)));
        assertThat(table.rows())
                .extracting(Row::remark)
                .containsExactly("failed: why", "failed: seed 5, seed 7: why; seed 6: how", "not run yet");
    }

    @Test
    void cells_that_differ_in_the_calls_of_restoring_are_drawn_against_them_and_others_against_those_of_training() {
        ComparisonContent restoring = PageContent.of(
                table(1, List.of(List.of(done("a", 8, 100, 1)), List.of(done("b", 16, 200, 1)), List.of(PENDING))));
        assertThat(restoring.cost()).isEqualTo("network calls for each restored item");
        assertThat(restoring.entries().get(1).cost()).hasValue(16);
        ComparisonContent training = PageContent.of(
                table(1, List.of(List.of(done("a", 8, 100, 1)), List.of(done("b", 8, 200, 1)), List.of(PENDING))));
        assertThat(training.cost()).isEqualTo("network calls of training");
        assertThat(training.entries().get(1).cost()).hasValue(200 * 4.5);
        assertThat(training.entries().get(2).cost()).isEmpty();
    }

    @Test
    void what_training_had_reached_is_drawn_against_seconds_and_calls_a_line_a_run() {
        List<Measured.Reached> curve = List.of(
                new Measured.Reached(2, 300, Map.of("truth", .5)), new Measured.Reached(4, 600, Map.of("truth", .25)));
        ComparisonContent content = PageContent.of(
                table(1, List.of(List.of(done("a", 8, 1, 1)), List.of(done("b", 8, 1, 1, curve)), List.of(PENDING))));
        assertThat(content.curves())
                .extracting(ComparisonContent.Curves::quality, ComparisonContent.Curves::cost)
                .containsExactly(
                        tuple("distance to the truth", "seconds of training"),
                        tuple("distance to the truth", "network calls of training"));
        assertThat(content.curves().get(1).lines()).singleElement().satisfies(line -> {
            assertThat(line.number()).isEqualTo(2);
            assertThat(line.points())
                    .containsExactly(new ComparisonContent.Point(300, .5), new ComparisonContent.Point(600, .25));
        });
    }

    @Test
    void the_terminal_shows_the_scores_that_have_a_direction_and_why_cells_have_none() {
        assertThat(Text.table(three()).lines())
                .containsExactly(
                        "cell  drift.multipliers  calls   psnr  seconds",
                        "   1  [1]                  8.0  20.00      3.5",
                        "   2  [1,2]                                     failed: threw \"no film left\", in step 3",
                        "   3  [4]                                       not run yet");
        assertThat(Text.line(three().rows().get(0), three()))
                .isEqualTo("cell 1 of 3 (drift.multipliers=[1]): psnr 20.00, 3.5 s");
        assertThat(Text.line(three().rows().get(1), three()))
                .isEqualTo("cell 2 of 3 (drift.multipliers=[1,2]) failed: threw \"no film left\", in step 3");
    }
}
