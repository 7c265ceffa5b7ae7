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

        @Doc(
                "first steps in which the transport map is the identity, so that no ODE is solved; without it, a tenth of the steps, or none where training begins from a guess")
        @Range(min = 0)
        Optional<Integer> warmUp,

        @Doc(
                "steps after the warm-up in which the transport map is the posterior mean; without it, half of the steps where the forward model loses values, none after a Wiener filter, else a sixteenth")
        @Range(min = 0)
        Optional<Integer> meanSteps,

        @Doc(
                "how often the weights of the posterior mean are renewed in these steps: the mean rounds; 0: at every refresh; without it, 0 where the forward model loses values, else 1")
        @Range(min = 0)
        Optional<Integer> meanRounds,

        @Doc(
                "whether training begins from a guess, of which the network predicts the rest: the forward model's own, or a Wiener filter for stationary images, such as windows of larger ones, whose corruption is affine and tells nothing")
        boolean guess,

        @Doc(
                "share of the pairs whose time is t = 1, where the posterior mean is learned; the times of the others are uniform")
        @Range(min = 0, below = 1)
        double endShare,

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
                endShare,
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
        if (stopAfter > 0 && checkpointEvery == 0) {
            throw new IllegalArgumentException(
                    "stopAfter counts checkpoints, of which there are none with checkpointEvery 0; set checkpointEvery too");
        }
    }

    /**
     * How often the transport map could be renewed after the mean rounds, at most, in a training of so many steps.
     *
     * <pre>
     * steps after warm-up and mean rounds / max(refreshEvery, 1 / (1 - teacher), 1 / pool)
     * </pre>
     *
     * The first begins at once. A round is over when what the drift has learned of the restored items has come back as restored items. On the way it waits
     * for the average of the weights, whose mean age is 1 / (1 - teacher) steps, for the transport map to take it, refreshEvery steps, and for the pool to be
     * made of that, 1 / pool steps. These waits follow each other, so that a round takes at least as long as the longest; that the drift has to learn, and
     * that a share 1 - mix of the pairs teaches it nothing of the restored items, takes longer still.
     *
     * @param steps that were taken
     */
    public double rounds(int steps) {
        return Math.max(0, steps - warmUp.orElse(0) - meanSteps.orElse(0)) / longest();
    }

    /** How often the weights of the posterior mean could be renewed in the mean rounds, at most. */
    public int takenMeanRounds() {
        int most = meanSteps.orElse(0);
        return meanRounds
                .filter(rounds -> rounds > 0)
                .map(rounds -> Math.min(rounds, most))
                .orElse((int) Math.ceil(most / longest()));
    }

    /** How training begins, in words. */
    public String beginning() {
        int mean = meanSteps.orElse(0);
        String rounds = mean == 0
                ? "no step"
                : mean + " steps "
                        + meanRounds
                                .filter(n -> n > 0)
                                .map(n -> "in " + n + (n == 1 ? " round" : " rounds"))
                                .orElse("by the live average");
        return "training begins with " + warmUp.orElse(0) + " steps of the identity and " + rounds
                + " of the posterior mean";
    }

    private double longest() {
        return Math.max(refreshEvery, Math.max(1 / (1 - teacher), 1 / pool));
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
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                0,
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

    /** What the first transport map is, before a network has learned anything. */
    public enum Start {
        /** The identity. */
        OBSERVATIONS,
        /** A forward model's guess for values that are lost, beside those that are seen. */
        FILLED,
        /** A linear map that gives images with the powers of the clean ones. */
        WIENER
    }

    /**
     * These settings with a warm-up and mean rounds that suit the forward model, where they do not say themselves (docs/method.md, section 13).
     *
     * <p>Where values are lost, each mean round halves what is left of the fillers, and takes nothing away for good, since a value that is lost in one
     * observation is seen in others: so there are many. Under noise one round takes away what the observations do not show, and more would take away what is
     * weaker than the noise, too. A start that has the powers of the clean items needs none; the identity alone has to be learned first.
     *
     * @param loses whether the forward model loses values
     */
    public TrainingSettings begun(Start start, boolean loses) {
        int usual = loses ? steps / 2 : start == Start.WIENER ? 0 : steps / 16;
        return with(
                warmUp.orElse(start == Start.OBSERVATIONS ? steps / 10 : 0),
                meanSteps.orElse(usual),
                meanRounds.orElse(loses || start != Start.OBSERVATIONS ? 0 : 1));
    }

    /** These settings without mean rounds, and without a warm-up unless they say so: as the paper has it. */
    public TrainingSettings begunFromObservations() {
        return with(warmUp.orElse(0), 0, 0);
    }

    private TrainingSettings with(int warmUp, int meanSteps, int meanRounds) {
        return new TrainingSettings(
                steps,
                batch,
                solver,
                refreshEvery,
                teacher,
                mix,
                recorruptions,
                pool,
                Optional.of(warmUp),
                Optional.of(meanSteps),
                Optional.of(meanRounds),
                guess,
                endShare,
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
