package dev.palimpsest.runtime.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.palimpsest.runtime.evaluate.Residual;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Three checkpoints of a training that falls through the truth: the loss falls, the residual is least in the middle, the truth was a little before. */
class ChoiceTest {
    private static Checkpoint at(int step, double loss, double energy, OptionalDouble truth) {
        return new Checkpoint(
                step, step, 7.0 * step, loss, new Residual(energy, .001, .3, truth, OptionalDouble.empty()));
    }

    private static List<Checkpoint> checkpoints(boolean clean) {
        return List.of(
                at(100, 3, .02, clean ? OptionalDouble.of(.1) : OptionalDouble.empty()),
                at(200, 2, -.01, clean ? OptionalDouble.of(.2) : OptionalDouble.empty()),
                at(300, 1, .5, clean ? OptionalDouble.of(.9) : OptionalDouble.empty()));
    }

    @Test
    void the_one_kept_has_the_least_observation_energy_whatever_loss_and_truth_say() {
        assertThat(Choice.byResidual(checkpoints(true)).checkpoint().step()).isEqualTo(200);
    }

    @Test
    void of_those_within_a_tenth_of_the_noise_of_the_nearest_the_latest_is_kept() {
        List<Checkpoint> settled = List.of(
                at(100, 3, .02, OptionalDouble.empty()),
                at(200, 2, -.0010, OptionalDouble.empty()),
                at(300, 1, -.00095, OptionalDouble.empty()),
                at(400, .5, -.0005, OptionalDouble.empty()));
        assertThat(Choice.byResidual(settled).checkpoint().step())
                .as("a tenth of the noise is .0001")
                .isEqualTo(300);
    }

    @Test
    void what_each_criterion_would_choose_stands_side_by_side() {
        assertThat(Choice.of(checkpoints(true)))
                .extracting(Choice::by, choice -> choice.checkpoint().step())
                .containsExactly(tuple("observation energy", 200), tuple("loss", 300), tuple("truth", 100));
    }

    @Test
    void without_clean_items_there_is_no_truth_and_with_one_checkpoint_no_choice() {
        assertThat(Choice.of(checkpoints(false))).extracting(Choice::by).containsExactly("observation energy", "loss");
        assertThat(Choice.of(checkpoints(true).subList(0, 1))).isEmpty();
    }
}
