package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.train.TrainingSettings;

/** How much a training transports: a block of batch / R items every 1 / pool steps after the warm-up. */
record TransportShare(TrainingSettings train) {
    /** Items transported for each pair that is trained on, over the whole training. */
    double ofItems() {
        int every = (int) Math.round(1 / train.pool());
        long blocks = Math.max(0L, train.steps() - train.warmUp().orElse(0) + every - 1L) / every;
        return (double) blocks / train.steps() / train.recorruptions();
    }
}
