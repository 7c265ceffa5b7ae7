package dev.palimpsest.runtime.run;

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

    /** The checkpoint that a run keeps: the one whose F(Phi(y)) is nearest to held-out observations. */
    static Choice byResidual(List<Checkpoint> checkpoints) {
        return least(
                "observation energy", checkpoints, point -> point.residual().energy());
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
        json.put("step", checkpoint.step());
        json.put("loss", checkpoint.loss());
        json.put("observationEnergy", checkpoint.residual().energy());
        json.put("pValue", checkpoint.residual().pValue());
        checkpoint.residual().truth().ifPresent(truth -> json.put("truth", truth));
        return json;
    }
}
