package dev.palimpsest.runtime.train;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.Objects;
import java.util.Optional;

/** How the drift is trained. */
public record TrainingSettings(
        @Doc("training steps T") @Range(min = 1) int steps,
        @Doc("pairs (x, F(x)) in a step") @Range(min = 1) int batch,

        @Doc("the ODE solver of the transport map in training; without it, the recipe's solver")
        Optional<OdeSolver> solver,

        @Doc("steps between updates of the transport map (T_tr)") @Range(min = 1)
        int refreshEvery,

        @Doc("decay of the average of the weights that is the transport map; 0: the live weights")
        @Range(min = 0, below = 1)
        double teacher,

        @Doc("share of the pairs whose second part is F(x); the others have the real y") @Range(min = 0, max = 1)
        double mix,

        @Doc("re-corruptions of each transported x in a step (R)") @Range(min = 1)
        int recorruptions,

        @Doc(
                "share of the x of a step that are transported anew (on average; a block every 1/pool steps), the others are drawn from the last 1/pool blocks; 1: nothing is kept")
        @Range(above = 0, max = 1)
        double pool,

        @Doc("first steps in which the transport map is the identity, so that no ODE is solved") @Range(min = 0)
        int warmUp,

        @Doc(
                "steps after the warm-up in which the transport map is the posterior mean; without it, a share of the steps that follows from what the forward model loses")
        Optional<Integer> meanSteps,

        @Doc(
                "mean rounds: how often the weights of the posterior mean are renewed in these steps; 0: at every refresh; without it, what follows from what the forward model loses")
        Optional<Integer> meanRounds,

        @Doc("whether the network predicts what the forward model's guess lacks, where it has one")
        boolean guess,

        @Doc("whether values that the forward model says were seen are left as they are")
        boolean hold,

        @Doc("Adam's learning rate, at its highest") @Range(above = 0)
        double learningRate,

        @Doc("share of the steps in which the learning rate rises linearly from 0") @Range(min = 0, max = 1)
        double learningRateWarmUp,

        @Doc("how the learning rate falls after that") Decay decay,

        @Doc("largest norm of the gradient; a larger one is scaled down to it; 0: never") @Range(min = 0)
        double clip,

        @Doc("steps between checkpoints; 0: one, at the end") @Range(min = 0)
        int checkpointEvery,

        @Doc("which checkpoint is kept as the result") Selection select,

        @Doc(
                "training ends early after so many checkpoints in a row at which F(Phi(y)) could not be told from held-out observations (p above 0.1); 0: never")
        @Range(min = 0)
        int stopAfter,

        @Doc(
                "pairs whose gradient is computed at once, at most; the gradients of a step's parts are added up, so that it needs less memory and is the same but for rounding; 0: the whole batch")
        @Range(min = 0)
        int microBatch,

        @Doc(
                "seconds between saves of the state of training, from which the command resume goes on; 0: after every step")
        @Range(min = 0)
        double saveEvery,

        @Doc("how many saved states are kept; the older ones are there in case the last one is damaged") @Range(min = 1)
        int keep) {

    /** How the learning rate falls after its warm-up. */
    public enum Decay {
        COSINE,
        NONE
    }

    /** By what the resulting checkpoint is chosen. */
    public enum Selection {
        OBSERVATION_ENERGY,
        LAST
    }

    public TrainingSettings {
        Ranges.check(
                TrainingSettings.class,
                steps,
                batch,
                solver,
                refreshEvery,
                teacher,
                mix,
                recorruptions,
                pool,
                warmUp,
                meanSteps,
                meanRounds,
                guess,
                hold,
                learningRate,
                learningRateWarmUp,
                decay,
                clip,
                checkpointEvery,
                select,
                stopAfter,
                microBatch,
                saveEvery,
                keep);
        Objects.requireNonNull(decay, "decay");
        Objects.requireNonNull(select, "select");
        if (batch % recorruptions != 0) {
            throw new IllegalArgumentException(
                    "batch must be a multiple of recorruptions (" + recorruptions + "), got " + batch);
        }
        meanSteps.filter(n -> n < 0).ifPresent(n -> {
            throw new IllegalArgumentException("meanSteps must be at least 0, got " + n);
        });
        meanRounds.filter(n -> n < 0).ifPresent(n -> {
            throw new IllegalArgumentException("meanRounds must be at least 0, got " + n);
        });
        if (stopAfter > 0 && checkpointEvery == 0) {
            throw new IllegalArgumentException(
                    "stopAfter counts checkpoints, of which there are none with checkpointEvery 0; set checkpointEvery too");
        }
    }

    public TrainingSettings() {
        this(
                2000,
                64,
                Optional.empty(),
                1,
                0.95,
                0.9,
                2,
                0.25,
                0,
                Optional.empty(),
                Optional.empty(),
                true,
                true,
                5e-4,
                0.05,
                Decay.COSINE,
                1,
                0,
                Selection.LAST,
                0,
                0,
                60,
                2);
    }

    /**
     * These settings with the mean rounds that suit a forward model, unless they say themselves. Where values are lost, many rounds by the live teacher halve
     * the noise in the lost ones each; under noise one round takes it away, and more would take away what is weaker than it.
     *
     * @param loses whether the forward model loses values, and says which
     */
    public TrainingSettings begun(boolean loses) {
        return new TrainingSettings(
                steps,
                batch,
                solver,
                refreshEvery,
                teacher,
                mix,
                recorruptions,
                pool,
                warmUp,
                Optional.of(meanSteps.orElseGet(() -> (int) ((loses ? .5 : .12) * steps))),
                Optional.of(meanRounds.orElse(loses ? 0 : 1)),
                guess,
                hold,
                learningRate,
                learningRateWarmUp,
                decay,
                clip,
                checkpointEvery,
                select,
                stopAfter,
                microBatch,
                saveEvery,
                keep);
    }
}
