package dev.palimpsest.testkit.contract;

import static dev.palimpsest.testkit.contract.Values.require;

import java.util.function.DoubleUnaryOperator;

/** What is asked of the functions of a schedule. */
final class ScheduleTrial {
    /** Times well inside (0, 1). */
    static final double[] INSIDE = {.06, .1, .17, .25, .33, .42, .5, .58, .67, .75, .83, .9, .94};

    private static final double STEP = 1e-5;

    private ScheduleTrial() {}

    static void requireValue(String name, DoubleUnaryOperator function, double t, double expected) {
        double value = function.applyAsDouble(t);
        require(
                Math.abs(value - expected) <= 1e-9,
                "expected " + name + "(" + t + ") = " + expected + ", got " + value);
    }

    static void requireFinite(String name, DoubleUnaryOperator function, double t) {
        double value = function.applyAsDouble(t);
        require(
                Double.isFinite(value),
                "expected " + name + " to be finite at t = " + t + ", got " + value
                        + ": if only a derivative is infinite at the ends, give a margin(), and gammaGammaDot as one product");
    }

    /** Central differences: of error h^2 f''' / 6 and about 1e-16 |f| / h = 1e-11, so that 1e-6 leaves room for a third derivative of up to 6e4. */
    static void requireDerivative(String name, DoubleUnaryOperator function, DoubleUnaryOperator derivative) {
        for (double t : INSIDE) {
            double expected = (function.applyAsDouble(t + STEP) - function.applyAsDouble(t - STEP)) / (2 * STEP);
            double value = derivative.applyAsDouble(t);
            require(
                    Math.abs(value - expected) <= 1e-6 * (1 + Math.abs(expected)),
                    "expected " + name + "Dot(" + t + ") = " + expected + ", the central difference of " + name
                            + ", got " + value);
        }
    }
}
