package dev.palimpsest.runtime.probe;

import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.api.Solution;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a solver's error grows to in the self-consistent loop, where it is fed back at every round: for a Gaussian prior the drift of each round is known,
 * so the loop is iterated exactly, but for the solver.
 *
 * <pre>
 * b(t, x) = (K K' v + beta beta' sigma^2 + gamma gamma') / (K^2 v + beta^2 sigma^2 + gamma^2) x,  K = alpha + beta a    where the coordinate is seen
 * b(t, x) = (alpha alpha' v + beta beta' f^2 + gamma gamma') / (alpha^2 v + beta^2 f^2 + gamma^2) x                     where it is lost
 * m(v) = what the solver makes of x = 1;   v' = (1 - p) m_seen(v)^2 (a^2 s^2 + sigma^2) + p m_lost(v)^2 f^2
 * </pre>
 *
 * A solver acts linearly on a linear drift, so one call of it gives m for many v at once. The start is the identity. The mean is not followed.
 */
public final class SolverBias {
    private static final int POINTS = 4096;
    private static final int ROUNDS = 20_000;
    private static final double COLLAPSED = 1e-3;
    private static final double ABOVE_START = 4;

    private final OdeSolver solver;
    private final InterpolantSchedule schedule;

    /** @param solver solves the transport's ODE, in the loop and in the end */
    public SolverBias(OdeSolver solver, InterpolantSchedule schedule) {
        this.solver = solver;
        this.schedule = schedule;
    }

    /**
     * The standard deviation at the fixed point, divided by the true one: 1 for a perfect solver; 0 where less than a thousandth of the variance is left;
     * infinite where it passes twice that of the observations; empty if the solver gives up.
     *
     * @param s the prior's standard deviation
     */
    public OptionalDouble deviation(ScalarChannel channel, double s) {
        double a = channel.gain();
        double sigma2 = channel.noise() * channel.noise();
        double f2 = channel.filler() * channel.filler();
        double start = channel.variance(s * s);
        Grid grid = new Grid(Math.log(COLLAPSED * s * s), Math.log(ABOVE_START * Math.max(start, s * s)));
        double[] seen = squaredMultipliers(
                grid,
                t -> schedule.alpha(t) + schedule.beta(t) * a,
                t -> schedule.alphaDot(t) + schedule.betaDot(t) * a,
                sigma2);
        double[] lost = channel.lost() == 0
                ? new double[POINTS]
                : squaredMultipliers(grid, schedule::alpha, schedule::alphaDot, f2);
        if (seen.length == 0 || lost.length == 0) {
            return OptionalDouble.empty();
        }
        double p = channel.lost();
        double v = start;
        for (int round = 0; round < ROUNDS; round++) {
            double next = (1 - p) * grid.at(v, seen) * (a * a * s * s + sigma2) + p * grid.at(v, lost) * f2;
            if (!(next > COLLAPSED * s * s)) {
                return OptionalDouble.of(0);
            }
            if (next >= grid.last()) {
                return OptionalDouble.of(Double.POSITIVE_INFINITY);
            }
            boolean settled = Math.abs(next - v) < 1e-13 * v;
            v = next;
            if (settled) {
                break;
            }
        }
        return OptionalDouble.of(Math.sqrt(v) / s);
    }

    /** How often the solver calls the network for one item. */
    public int calls() {
        int[] calls = {0};
        solver.integrate(
                (t, x) -> {
                    calls[0]++;
                    return x.mul(0);
                },
                Nd4j.ones(1, 1),
                1,
                0);
        return calls[0];
    }

    /** m(v)^2 on the grid, for I_t = K x + beta n + gamma z with n of variance r; empty if the solver gives up. */
    private double[] squaredMultipliers(Grid grid, DoubleUnaryOperator k, DoubleUnaryOperator kDot, double r) {
        Solution solution = solver.integrate(
                (t, x) -> x.mul(slopes(grid, t, k.applyAsDouble(t), kDot.applyAsDouble(t), r)),
                Nd4j.ones(POINTS, 1),
                1,
                0);
        if (!solution.completed()) {
            return new double[0];
        }
        double[] m = solution.x().dup('c').data().asDouble();
        for (int i = 0; i < m.length; i++) {
            m[i] *= m[i];
        }
        return m;
    }

    private INDArray slopes(Grid grid, double t, double k, double kDot, double r) {
        double beta = schedule.beta(t);
        double gamma = schedule.gamma(t);
        double drift = beta * schedule.betaDot(t) * r + schedule.gammaGammaDot(t);
        double variance = beta * beta * r + gamma * gamma;
        float[] slopes = new float[POINTS];
        for (int i = 0; i < POINTS; i++) {
            double v = grid.value(i);
            slopes[i] = (float) ((k * kDot * v + drift) / (k * k * v + variance));
        }
        return Nd4j.createFromArray(slopes).reshape('c', new long[] {POINTS, 1});
    }

    /** Variances at equal distances of their logarithms. */
    private record Grid(double from, double to) {
        double value(int i) {
            return Math.exp(from + (to - from) * i / (POINTS - 1));
        }

        double last() {
            return Math.exp(to);
        }

        /** Linear interpolation in the logarithm of v. */
        double at(double v, double[] values) {
            double position = (Math.log(v) - from) / (to - from) * (POINTS - 1);
            int i = Math.max(0, Math.min(POINTS - 2, (int) position));
            return values[i] + (position - i) * (values[i + 1] - values[i]);
        }
    }
}
