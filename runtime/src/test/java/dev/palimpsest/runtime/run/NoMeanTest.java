package dev.palimpsest.runtime.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.plugins.schedules.BrownianBridge;
import dev.palimpsest.plugins.schedules.Latent;
import dev.palimpsest.plugins.schedules.Linear;
import dev.palimpsest.plugins.schedules.Trigonometric;
import dev.palimpsest.runtime.plugin.Checked;
import dev.palimpsest.runtime.plugin.Extension;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoMeanTest {
    @TempDir
    Path folder;

    /** The root of 1 - t: its derivative is -infinity at t = 1. */
    private record Root() implements InterpolantSchedule {
        @Override
        public double alpha(double t) {
            return Math.sqrt(1 - t);
        }

        @Override
        public double alphaDot(double t) {
            return -.5 / Math.sqrt(1 - t);
        }

        @Override
        public double beta(double t) {
            return t;
        }

        @Override
        public double betaDot(double t) {
            return 1;
        }

        @Override
        public double margin() {
            return 1e-3;
        }
    }

    /** alpha = (1 - t)^2 arrives with no speed, so that at the end the drift tells nothing of x. */
    private record Slow() implements InterpolantSchedule {
        @Override
        public double alpha(double t) {
            return (1 - t) * (1 - t);
        }

        @Override
        public double alphaDot(double t) {
            return -2 * (1 - t);
        }

        @Override
        public double beta(double t) {
            return t;
        }

        @Override
        public double betaDot(double t) {
            return 1;
        }
    }

    private RunFolder run() {
        return RunFolder.open(WrittenRun.begun(folder).folder());
    }

    private static InterpolantSchedule checked(InterpolantSchedule schedule) {
        return Checked.schedule(
                schedule, new Extension<>(InterpolantSchedule.class, "curve", schedule.getClass(), "curves"));
    }

    @Test
    void schedules_without_a_score_at_the_end_give_a_mean() {
        for (InterpolantSchedule schedule :
                List.of(new Linear(), new Trigonometric(), new Latent(2), new BrownianBridge(0, 1e-3))) {
            assertThat(NoMean.why(run(), .9, checked(schedule))).isEmpty();
        }
    }

    @Test
    void the_reason_names_the_schedule_as_the_recipe_does() {
        assertThat(NoMean.why(run(), .9, checked(new BrownianBridge(.5, 1e-3))))
                .hasValue("the posterior mean does not follow from a drift on the schedule BrownianBridge[gamma=0.5,"
                        + " margin=0.001], whose gamma gamma' is -0.25 at t = 1 where 0 is needed; train with another"
                        + " schedule, such as linear");
    }

    @Test
    void a_schedule_that_arrives_without_speed_gives_none() {
        assertThat(NoMean.why(run(), 1, checked(new Slow())))
                .hasValueSatisfying(
                        reason -> assertThat(reason)
                                .contains(
                                        "the schedule Slow[], whose alpha' is -0.0 at t = 1 where a finite number other than 0"));
    }

    @Test
    void a_schedule_whose_derivative_is_infinite_at_the_end_gives_none_and_fails_no_run() {
        assertThat(NoMean.why(run(), 1, checked(new Root())))
                .hasValueSatisfying(reason -> assertThat(reason)
                        .startsWith("the posterior mean does not follow from the drift: ")
                        .contains("curve", "alphaDot(1.0)", "Infinity"));
    }

    @Test
    void a_drift_that_was_trained_on_another_schedule_gives_none_and_one_of_an_older_version_does() {
        WrittenRun run = WrittenRun.begun(folder);
        run.write(BorrowedDrift.FILE, Json.pretty(new BorrowedDrift("runs/other/1", false, true)));
        assertThat(NoMean.why(run(), .9, checked(new Linear())))
                .hasValueSatisfying(reason ->
                        assertThat(reason).contains("the drift of runs/other/1, which was trained on another"));
        run.write(BorrowedDrift.FILE, "{\"run\": \"runs/other/1\", \"otherData\": true}");
        assertThat(NoMean.why(run(), .9, checked(new Linear()))).isEmpty();
    }
}
