package dev.palimpsest.runtime.train;

/**
 * Which step is trained with which transport map: the identity in the warm-up, then the posterior mean for a while, then Phi. The weights that carry are
 * renewed at every refresh, but in the mean rounds, if there is a number of them, only at the beginning of each.
 */
final class Phases {
    private final int warmUp;
    private final int meanSteps;
    private final int meanRounds;
    private final int refreshEvery;

    Phases(TrainingSettings settings) {
        warmUp = settings.warmUp().orElse(0);
        meanSteps = settings.meanSteps().orElse(0);
        meanRounds = settings.meanRounds().orElse(0);
        refreshEvery = settings.refreshEvery();
    }

    int warmUp() {
        return warmUp;
    }

    boolean hasMean() {
        return meanSteps > 0;
    }

    boolean meanAt(int step) {
        return step > warmUp && step <= warmUp + meanSteps;
    }

    /** Whether the weights that carry are those of the average at all times. */
    boolean refreshAlways() {
        return refreshEvery == 1 && (meanSteps == 0 || meanRounds == 0);
    }

    boolean refreshAfter(int step) {
        int into = step - warmUp;
        if (meanRounds == 0 || into < 0 || into > meanSteps) {
            return step % refreshEvery == 0;
        }
        return into == 0 || round(into) > round(into - 1);
    }

    private long round(int into) {
        return (long) into * meanRounds / meanSteps;
    }
}
