package dev.palimpsest.plugins.schedules;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.InterpolantSchedule;

/** I_t = cos(pi t/2) x0 + sin(pi t/2) x1, which keeps the variance where x0 and x1 are independent. */
@Doc("The quarter circle cos(pi t/2) x0 + sin(pi t/2) x1.")
public record Trigonometric() implements InterpolantSchedule {
    private static final double QUARTER = Math.PI / 2;

    /** The cosine, as sin(pi (1 - t)/2): exactly 0 at t = 1. */
    @Override
    public double alpha(double t) {
        return Math.sin(QUARTER * (1 - t));
    }

    @Override
    public double alphaDot(double t) {
        return -QUARTER * beta(t);
    }

    @Override
    public double beta(double t) {
        return Math.sin(QUARTER * t);
    }

    @Override
    public double betaDot(double t) {
        return QUARTER * alpha(t);
    }
}
