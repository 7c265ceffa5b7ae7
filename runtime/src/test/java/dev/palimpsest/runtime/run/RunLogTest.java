package dev.palimpsest.runtime.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import dev.palimpsest.runtime.evaluate.Residual;
import dev.palimpsest.runtime.train.TrainingSettings;
import dev.palimpsest.runtime.train.TrainingSettings.Decay;
import dev.palimpsest.runtime.train.TrainingSettings.Selection;
import dev.palimpsest.runtime.transport.TransportException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class RunLogTest {
    private static final INDArray WEIGHTS = Nd4j.zeros(1);
    private static final TrainingSettings STOPS_AFTER_TWO = new TrainingSettings(
            500,
            2,
            Optional.empty(),
            1,
            0,
            1,
            1,
            1,
            Optional.of(0),
            Optional.empty(),
            Optional.empty(),
            true,
            0,
            true,
            1e-3,
            0,
            Decay.NONE,
            1,
            50,
            Selection.OBSERVATION_ENERGY,
            2,
            0,
            60,
            2);

    private final RunLog log = new RunLog(new Progress() {});

    @TempDir
    private Path folder;

    private void begin(RunLog.Judge judge) {
        log.begin(new LineFile(folder.resolve("metrics.jsonl"), 0), judge, STOPS_AFTER_TWO);
    }

    private static Optional<Residual> residual(double pValue) {
        return Optional.of(new Residual(0, .001, pValue, OptionalDouble.empty(), OptionalDouble.empty()));
    }

    private void train(int from, int to, double loss) {
        for (int step = from; step <= to; step++) {
            log.stepped(step, loss, 1, 1e-3);
            if (step % 50 == 0) {
                log.checkpoint(step, 7.0 * step, WEIGHTS);
            }
        }
    }

    @Test
    void what_was_taken_back_is_forgotten_and_a_checkpoint_is_there_once() {
        begin((step, weights) -> residual(.01));
        train(1, 170, 3);
        assertThat(log.checkpoints()).extracting(Checkpoint::step).containsExactly(50, 100, 150);
        log.wentBack(171, 100, "the loss was not finite", .5);
        assertThat(log.checkpoints()).extracting(Checkpoint::step).containsExactly(50, 100);
        train(101, 150, 2);
        assertThat(log.checkpoints()).extracting(Checkpoint::step).containsExactly(50, 100, 150);
        assertThat(log.checkpoints().get(2).loss())
                .as("of the steps since then alone")
                .isEqualTo(2);
    }

    @Test
    void a_checkpoint_tells_seconds_and_network_calls_and_judging_takes_no_seconds_of_training() {
        Stopwatch outside = Stopwatch.started();
        begin((step, weights) -> {
            pause(.2);
            return residual(.01);
        });
        train(1, 100, 1);
        log.end();
        double elapsed = outside.seconds();
        assertThat(log.checkpoints()).extracting(Checkpoint::networkCalls).containsExactly(350.0, 700.0);
        assertThat(log.judgeSeconds()).isGreaterThanOrEqualTo(.4);
        double seconds = log.checkpoints().get(1).seconds();
        assertThat(seconds).isBetween(log.checkpoints().get(0).seconds(), log.trainSeconds());
        assertThat(log.trainSeconds() + log.judgeSeconds()).isLessThan(elapsed);
        assertThat(log.checkpoints().get(1).json())
                .containsEntry("networkCalls", 700.0)
                .containsEntry("seconds", seconds)
                .doesNotContainKeys("truth", "psnr");
    }

    @Test
    void what_training_and_judging_took_before_it_goes_on_counts() {
        log.resume(new RunLog.Memory(0, 10, 0, 0, 0, 0, 100, 5, 100, List.of()), List.of());
        assertThat(log.secondsBefore()).isEqualTo(105);
        begin((step, weights) -> residual(.01));
        train(11, 12, 1);
        log.end();
        assertThat(log.trainSeconds()).isBetween(100., 105.);
        assertThat(log.judgeSeconds()).isEqualTo(5);
    }

    @Test
    void items_per_second_do_not_count_the_time_of_steps_that_were_taken_back() throws IOException {
        begin((step, weights) -> residual(.01));
        train(1, 1, 1);
        pause(.5);
        log.wentBack(2, 1, "the loss was not finite", .5);
        train(2, 2, 1);
        List<String> lines = Files.readAllLines(folder.resolve("metrics.jsonl"));
        double rate = JsonParser.parseString(lines.get(lines.size() - 1))
                .getAsJsonObject()
                .get("itemsPerSecond")
                .getAsDouble();
        assertThat(rate).as("of one batch in much less than the pause").isGreaterThan(STOPS_AFTER_TWO.batch() / .25);
    }

    private static void pause(double seconds) {
        try {
            Thread.sleep((long) (1000 * seconds));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void training_stops_when_enough_checkpoints_in_a_row_leave_nothing_to_tell_and_not_before() {
        double[] pValues = {.5, .02, .5, .5};
        begin((step, weights) -> residual(pValues[step / 50 - 1]));
        train(1, 150, 1);
        assertThat(log.stopped()).as("the second of three could be told").isFalse();
        train(151, 200, 1);
        assertThat(log.stopped()).isTrue();
    }

    @Test
    void weights_are_said_to_be_kept_only_where_they_are() {
        begin(new RunLog.Judge() {
            private boolean full = true;

            @Override
            public Optional<Residual> reached(int step, INDArray weights) {
                return Optional.empty();
            }

            @Override
            public void save(INDArray weights) {
                if (full) {
                    full = false;
                    throw new UncheckedIOException(new IOException("No space left on device"));
                }
            }
        });
        log.failed(WEIGHTS);
        assertThat(log.saved()).as("of a training without a step").isFalse();
        train(1, 1, 1);
        assertThatThrownBy(() -> log.failed(WEIGHTS)).isInstanceOf(UncheckedIOException.class);
        assertThat(log.saved()).isFalse();
        log.failed(WEIGHTS);
        assertThat(log.saved()).isTrue();
    }

    @Test
    void a_checkpoint_that_cannot_be_restored_is_a_warning_and_no_choice() {
        begin((step, weights) -> {
            throw new TransportException("the solver gave up");
        });
        train(1, 50, 1);
        assertThat(log.checkpoints()).isEmpty();
        assertThat(log.warnings()).singleElement().asString().contains("checkpoint 50", "the solver gave up");
    }
}
