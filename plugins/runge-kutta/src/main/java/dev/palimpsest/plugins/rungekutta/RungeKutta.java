package dev.palimpsest.plugins.rungekutta;

import dev.palimpsest.api.ButcherTableau;
import dev.palimpsest.api.Solution;
import dev.palimpsest.api.VelocityField;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The mechanics of all explicit Runge-Kutta methods: one step of any {@link ButcherTableau}, and any grid of such steps. */
final class RungeKutta {
    private RungeKutta() {}

    /** The N + 1 times t_i = to + (from - to) (1 - i/N)^refinement, which crowd towards {@code to} if refinement is above 1. */
    static double[] grid(double from, double to, int steps, double refinement) {
        double[] times = new double[steps + 1];
        for (int i = 0; i <= steps; i++) {
            times[i] = to + (from - to) * Math.pow(1 - (double) i / steps, refinement);
        }
        return times;
    }

    /** Steps from the first time of a grid to the last; gives up, with the last finite state, at a step that does not end in finite values. */
    static Solution along(double[] times, ButcherTableau tableau, VelocityField b, INDArray x) {
        INDArray state = x.dup();
        for (int i = 0; i + 1 < times.length; i++) {
            double h = times[i + 1] - times[i];
            INDArray[] k = stages(tableau, b, times[i], h, state, Optional.empty());
            INDArray next = advance(state, h, tableau.b(), k);
            if (!Double.isFinite(next.sumNumber().doubleValue())) {
                return new Solution(state, i, false);
            }
            state = next;
        }
        return new Solution(state, times.length - 1, true);
    }

    /** k_i = b(t + c_i h, x + h sum_j a_ij k_j); the first of them may be known already. */
    static INDArray[] stages(
            ButcherTableau tableau, VelocityField b, double t, double h, INDArray x, Optional<INDArray> first) {
        INDArray[] k = new INDArray[tableau.stages()];
        k[0] = first.orElseGet(() -> b.at(t, x));
        for (int i = 1; i < k.length; i++) {
            k[i] = b.at(t + tableau.c()[i] * h, advance(x, h, tableau.a()[i], k));
        }
        return k;
    }

    /** x + h sum_i w_i k_i, as a new array of x's type. */
    static INDArray advance(INDArray x, double h, double[] weights, INDArray[] k) {
        INDArray sum = x.dup();
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] != 0) {
                try (INDArray term = k[i].castTo(x.dataType()).mul(h * weights[i])) {
                    sum.addi(term);
                }
            }
        }
        return sum;
    }
}
