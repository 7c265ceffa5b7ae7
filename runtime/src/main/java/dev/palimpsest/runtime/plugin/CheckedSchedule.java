package dev.palimpsest.runtime.plugin;

import dev.palimpsest.api.InterpolantSchedule;
import java.util.function.DoubleUnaryOperator;

/** A schedule whose values are checked. */
final class CheckedSchedule implements InterpolantSchedule {
    private static final double TOLERANCE = 1e-9;

    private final InterpolantSchedule schedule;
    private final Guard guard;

    /** Throws PluginException unless the interpolant starts at the clean item and ends at the observed one. */
    CheckedSchedule(InterpolantSchedule schedule, Guard guard) {
        this.schedule = schedule;
        this.guard = guard;
        requireEnd("alpha", alpha(0), 0, 1);
        requireEnd("alpha", alpha(1), 1, 0);
        requireEnd("beta", beta(0), 0, 0);
        requireEnd("beta", beta(1), 1, 1);
        requireEnd("gamma", gamma(0), 0, 0);
        requireEnd("gamma", gamma(1), 1, 0);
        double margin = margin();
        if (margin < 0 || margin >= 0.5) {
            throw guard.fault("expected a margin of at least 0 and below 0.5, got " + margin);
        }
    }

    @Override
    public double alpha(double t) {
        return at("alpha", schedule::alpha, t);
    }

    @Override
    public double alphaDot(double t) {
        return at("alphaDot", schedule::alphaDot, t);
    }

    @Override
    public double beta(double t) {
        return at("beta", schedule::beta, t);
    }

    @Override
    public double betaDot(double t) {
        return at("betaDot", schedule::betaDot, t);
    }

    @Override
    public double gamma(double t) {
        return at("gamma", schedule::gamma, t);
    }

    @Override
    public double gammaDot(double t) {
        return at("gammaDot", schedule::gammaDot, t);
    }

    @Override
    public double gammaGammaDot(double t) {
        return at("gammaGammaDot", schedule::gammaGammaDot, t);
    }

    @Override
    public double margin() {
        return guard.requireFinite("margin()", guard.call(schedule::margin));
    }

    /** As the schedule is called. */
    @Override
    public String toString() {
        return schedule.toString();
    }

    private double at(String name, DoubleUnaryOperator function, double t) {
        return guard.requireFinite(name + "(" + t + ")", guard.call(() -> function.applyAsDouble(t)));
    }

    private void requireEnd(String name, double value, int t, int expected) {
        if (Math.abs(value - expected) > TOLERANCE) {
            throw guard.fault("expected " + name + "(" + t + ") = " + expected + ", got " + value);
        }
    }
}
