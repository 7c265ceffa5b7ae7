package dev.palimpsest.runtime.run;

import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.runtime.plugin.PluginException;
import dev.palimpsest.runtime.transport.PosteriorMean;
import java.util.Optional;

/** Why no posterior mean follows from the drift of a run. */
final class NoMean {
    private NoMean() {}

    /**
     * The reason, in words; empty if the mean follows.
     *
     * @param folder of the run, which knows whether its drift is that of another run
     * @param mix train.mix of its recipe
     * @param schedule of its recipe, checked: one whose derivatives are not finite at t = 1 gives no mean
     */
    static Optional<String> why(RunFolder folder, double mix, InterpolantSchedule schedule) {
        Optional<BorrowedDrift> otherwiseTrained = BorrowedDrift.in(folder).filter(BorrowedDrift::otherMean);
        if (otherwiseTrained.isPresent()) {
            return Optional.of(
                    "the posterior mean does not follow from the drift of "
                            + otherwiseTrained.get().run()
                            + ", which was trained on another schedule or with another train.mix than the recipe says; give the recipe those of that run");
        }
        try {
            return PosteriorMean.impossible(schedule, mix);
        } catch (PluginException e) {
            return Optional.of("the posterior mean does not follow from the drift: " + e.getMessage());
        }
    }
}
