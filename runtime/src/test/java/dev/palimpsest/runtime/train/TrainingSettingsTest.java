package dev.palimpsest.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.runtime.train.TrainingSettings.Decay;
import dev.palimpsest.runtime.train.TrainingSettings.Selection;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingSettingsTest {
    private static TrainingSettings settings(int refreshEvery, double teacher, double pool, int warmUp) {
        return new TrainingSettings(
                1000,
                8,
                Optional.empty(),
                refreshEvery,
                teacher,
                1,
                1,
                pool,
                Optional.of(warmUp),
                Optional.empty(),
                Optional.empty(),
                true,
                0,
                true,
                1e-3,
                0,
                Decay.NONE,
                0,
                0,
                Selection.LAST,
                0,
                0,
                0,
                1);
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 1, 1000", "1, 0.9, 0.25, 90", "1, 0, 0.125, 112.5", "30, 0.9, 0.25, 30", "1, 0.99, 1, 9"})
    void a_round_takes_the_longest_of_refresh_average_and_pool(
            int refreshEvery, double teacher, double pool, double rounds) {
        int warmUp = rounds == 1000 ? 0 : 100;
        assertThat(settings(refreshEvery, teacher, pool, warmUp).rounds(1000)).isCloseTo(rounds, within(1e-9));
    }

    @Test
    void in_the_warm_up_there_is_none() {
        assertThat(settings(1, 0, 1, 100).rounds(60)).isZero();
    }

    /**
     * A drift that knows at once the exact slope for the pool, and whose average is the transport map, on y = x + N(0, 1) with x of variance 1/4: v_k of
     * method.md, section 3, with as many rounds as are counted and the first, is nearer to 1/4.
     */
    @ParameterizedTest
    @CsvSource({"0.9, 0.25", "0.9, 1", "0, 0.125", "0.95, 0.05", "0, 1"})
    void a_training_that_learns_at_once_is_never_ahead_of_its_rounds(double teacher, double pool) {
        TrainingSettings settings = settings(1, teacher, pool, 0);
        int kept = (int) Math.round(1 / pool);
        double w = 1.25;
        double slope = 1;
        Deque<Double> variances = new ArrayDeque<>();
        for (int step = 1; step <= 200; step++) {
            if ((step - 1) % kept == 0) {
                variances.addLast(slope * slope * w);
            }
            if (variances.size() > kept) {
                variances.removeFirst();
            }
            double v = variances.stream().mapToDouble(one -> one).average().orElseThrow();
            slope = teacher * slope + (1 - teacher) * Math.sqrt(v / (v + 1));
            double rounds = 1 / (4 + Math.pow(1 / w, settings.rounds(step) + 1) * (1 / w - 4));
            assertThat(slope * slope * w).isGreaterThan(rounds * (1 - 1e-9));
        }
    }
}
