package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.train.TrainingSettings;

/** How much a training transports: a block of batch / R items every 1 / pool steps after the warm-up, by the posterior mean first and then by Phi. */
record TransportShare(TrainingSettings train) {
    /** Items transported by Phi for each pair that is trained on, over the whole training. */
    double ofItems() {
        return items(blocks(train.steps()) - blocks(lastMeanStep()));
    }

    /** Items whose posterior mean is taken, likewise. */
    double ofMeans() {
        return items(blocks(lastMeanStep()));
    }

    private int lastMeanStep() {
        return Math.min(train.steps(), warmUp() + train.meanSteps().orElse(0));
    }

    private int warmUp() {
        return train.warmUp().orElse(0);
    }

    /** Blocks up to a step. */
    private long blocks(int step) {
        int every = (int) Math.round(1 / train.pool());
        return Math.max(0L, step - warmUp() + every - 1L) / every;
    }

    private double items(long blocks) {
        return (double) blocks / train.steps() / train.recorruptions();
    }
}
