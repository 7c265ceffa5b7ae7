package dev.palimpsest.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.runtime.train.TrainingSettings.Decay;
import dev.palimpsest.runtime.train.TrainingSettings.Selection;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LearningRateTest {
    private static LearningRate of(int steps, double warmUp, Decay decay) {
        return new LearningRate(new TrainingSettings(
                steps,
                8,
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
                0.1,
                warmUp,
                decay,
                0,
                0,
                Selection.LAST,
                0,
                0,
                60,
                2));
    }

    @Test
    void it_rises_linearly_and_then_falls_along_a_cosine() {
        LearningRate rate = of(101, 1.0 / 101, Decay.COSINE);
        assertThat(rate.at(1)).isEqualTo(0.1);
        assertThat(rate.at(52)).isCloseTo(0.05, within(1e-12));
        assertThat(rate.at(101)).isCloseTo(0.05 * (1 + Math.cos(Math.PI * 0.99)), within(1e-12));
        assertThat(of(100, 0.1, Decay.COSINE).at(5)).isCloseTo(0.05, within(1e-12));
    }

    @Test
    void without_decay_it_stays_at_its_highest() {
        assertThat(of(100, 0.1, Decay.NONE).at(100)).isEqualTo(0.1);
        assertThat(of(100, 0, Decay.NONE).at(1)).isEqualTo(0.1);
    }
}
