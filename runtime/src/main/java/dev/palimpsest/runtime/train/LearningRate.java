package dev.palimpsest.runtime.train;

/** The learning rate at each step: a linear rise, then, for {@code cosine}, half a period of a cosine down to 0. */
record LearningRate(TrainingSettings settings) {
    /** The rate of a step, the first of which is 1. */
    double at(int step) {
        double rise = settings.learningRateWarmUp() * settings.steps();
        if (step <= rise) {
            return settings.learningRate() * step / rise;
        }
        if (settings.decay() == TrainingSettings.Decay.NONE) {
            return settings.learningRate();
        }
        double progress = (step - 1 - rise) / Math.max(1, settings.steps() - rise);
        return settings.learningRate() * 0.5 * (1 + Math.cos(Math.PI * Math.max(0, progress)));
    }
}
