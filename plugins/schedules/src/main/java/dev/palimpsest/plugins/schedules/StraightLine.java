package dev.palimpsest.plugins.schedules;

import dev.palimpsest.api.InterpolantSchedule;

/** The straight line from x0 to x1: alpha(t) = 1 - t, beta(t) = t. */
interface StraightLine extends InterpolantSchedule {
    @Override
    default double alpha(double t) {
        return 1 - t;
    }

    @Override
    default double alphaDot(double t) {
        return -1;
    }

    @Override
    default double beta(double t) {
        return t;
    }

    @Override
    default double betaDot(double t) {
        return 1;
    }
}
