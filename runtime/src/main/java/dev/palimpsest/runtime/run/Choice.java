package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.evaluate.Residual;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The checkpoint that a criterion would choose.
 *
 * @param by the criterion
 */
record Choice(String by, Checkpoint checkpoint) {
    /** Energies that differ by less than this part of the noise are the same. */
    private static final double TIE = 0.1;

    /** What observation energy, loss and (where it is known) the truth would choose; empty for fewer than two checkpoints. */
    static List<Choice> of(List<Checkpoint> checkpoints) {
        List<Choice> choices = new ArrayList<>();
        if (checkpoints.size() > 1) {
            choices.add(byResidual(checkpoints));
            choices.add(least("loss", checkpoints, Checkpoint::loss));
            if (checkpoints.stream().allMatch(point -> point.residual().truth().isPresent())) {
                choices.add(least(
                        "truth", checkpoints, point -> point.residual().truth().orElseThrow()));
            }
        }
        return choices;
    }

    /**
     * The checkpoint that a run keeps: the one with the least observation energy, and of those that come within a tenth of the noise of it the latest. All
     * are judged with the same draws, so that differences are sharper than the noise; what held-out observations cannot tell apart is left to training,
     * which goes on to improve what they do not see.
     */
    static Choice byResidual(List<Checkpoint> checkpoints) {
        Choice nearest = least(
                "observation energy", checkpoints, point -> point.residual().energy());
        Residual least = nearest.checkpoint().residual();
        return new Choice(
                nearest.by(),
                checkpoints.stream()
                        .filter(point -> point.residual().energy() <= least.energy() + TIE * least.noise())
                        .max(Comparator.comparingInt(Checkpoint::step))
                        .orElseThrow());
    }

    private static Choice least(String by, List<Checkpoint> checkpoints, ToDoubleFunction<Checkpoint> criterion) {
        return new Choice(
                by,
                checkpoints.stream().min(Comparator.comparingDouble(criterion)).orElseThrow());
    }

    /** Names and values, for JSON. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("by", by);
        json.putAll(checkpoint.json());
        return json;
    }
}
