package dev.palimpsest.runtime.probe;

import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.api.Solution;
import java.util.Arrays;
import java.util.Optional;
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
    private static final int POINTS = 1024;
    private static final int ROUNDS = 20_000;
    private static final double COLLAPSED = 1e-3;
    private static final double ABOVE_START = 4;
    private static final double SETTLED = 1e-13;

    private final OdeSolver training;
    private final OdeSolver restoring;
    private final InterpolantSchedule schedule;

    /** @param solver solves the transport's ODE, in the loop and in the end */
    public SolverBias(OdeSolver solver, InterpolantSchedule schedule) {
        this(solver, solver, schedule);
    }

    /**
     * Takes one solver for the loop and another for what is restored in the end.
     *
     * @param training solves the transport's ODE in training
     * @param restoring solves it once more, with the drift that training ends at
     */
    public SolverBias(OdeSolver training, OdeSolver restoring, InterpolantSchedule schedule) {
        this.training = training;
        this.restoring = restoring;
        this.schedule = schedule;
    }

    /**
     * The standard deviation at the fixed point, divided by the true one: 1 for a perfect solver; 0 where less than a thousandth of the variance is left;
     * infinite where it passes twice that of the observations; empty if the solver gives up.
     *
     * @param s the prior's standard deviation
     */
    public OptionalDouble deviation(ScalarChannel channel, double s) {
        double start = channel.variance(s * s);
        Grid grid = Grid.of(Math.log(COLLAPSED * s * s), Math.log(ABOVE_START * Math.max(start, s * s)));
        Optional<Round> loop = round(training, channel, s, grid);
        Optional<Round> last = restoring.equals(training) ? loop : round(restoring, channel, s, grid);
        if (loop.isEmpty() || last.isEmpty()) {
            return OptionalDouble.empty();
        }
        double v = start;
        for (int k = 0; k < ROUNDS; k++) {
            double next = loop.get().variance(v);
            boolean settled = Math.abs(next - v) < SETTLED * v;
            v = next;
            if (settled || !(v > COLLAPSED * s * s) || v >= grid.last()) {
                break;
            }
        }
        if (!(v > COLLAPSED * s * s)) {
            return OptionalDouble.of(0);
        }
        return OptionalDouble.of(
                v >= grid.last()
                        ? Double.POSITIVE_INFINITY
                        : Math.sqrt(last.get().variance(v)) / s);
    }

    /** How often the network is called for one restored item; where the solver adapts its steps, as often as at sigma = s = 1. */
    public int calls() {
        int[] calls = {0};
        Grid one = Grid.of(0, Math.log(ABOVE_START));
        restoring.integrate(
                (t, x) -> {
                    calls[0]++;
                    double k = schedule.alpha(t) + schedule.beta(t);
                    double kDot = schedule.alphaDot(t) + schedule.betaDot(t);
                    return x.mul(slopes(one, t, k, kDot, 1).getDouble(0, 0));
                },
                Nd4j.ones(1, 1),
                1,
                0);
        return calls[0];
    }

    private Optional<Round> round(OdeSolver solver, ScalarChannel channel, double s, Grid grid) {
        double a = channel.gain();
        double sigma2 = channel.noise() * channel.noise();
        double f2 = channel.filler() * channel.filler();
        double[] seen = squaredMultipliers(
                solver,
                grid,
                t -> schedule.alpha(t) + schedule.beta(t) * a,
                t -> schedule.alphaDot(t) + schedule.betaDot(t) * a,
                sigma2);
        double[] lost = channel.lost() == 0 || f2 == 0
                ? new double[POINTS]
                : squaredMultipliers(solver, grid, schedule::alpha, schedule::alphaDot, f2);
        return seen.length == 0 || lost.length == 0
                ? Optional.empty()
                : Optional.of(new Round(
                        grid, seen, lost, (1 - channel.lost()) * (a * a * s * s + sigma2), channel.lost() * f2));
    }

    /** m(v)^2 on the grid, for I_t = K x + beta n + gamma z with n of variance r; empty if the solver gives up. */
    private double[] squaredMultipliers(
            OdeSolver solver, Grid grid, DoubleUnaryOperator k, DoubleUnaryOperator kDot, double r) {
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
            double v = grid.values()[i];
            slopes[i] = (float) ((k * kDot * v + drift) / (k * k * v + variance));
        }
        return Nd4j.createFromArray(slopes).reshape('c', new long[] {POINTS, 1});
    }

    /** One round of the loop: v' = m_seen(v)^2 times the variance of what is seen, and the same of what is lost. */
    private record Round(Grid grid, double[] seen, double[] lost, double seenVariance, double lostVariance) {
        double variance(double v) {
            return grid.at(v, seen) * seenVariance + grid.at(v, lost) * lostVariance;
        }
    }

    /** Variances at equal distances of their logarithms. */
    private record Grid(double from, double to, double[] values) {
        static Grid of(double from, double to) {
            double[] values = new double[POINTS];
            Arrays.setAll(values, i -> Math.exp(from + (to - from) * i / (POINTS - 1)));
            return new Grid(from, to, values);
        }

        double last() {
            return Math.exp(to);
        }

        /** Linear interpolation in the logarithm of v. */
        double at(double v, double[] multipliers) {
            double position = (Math.log(v) - from) / (to - from) * (POINTS - 1);
            int i = Math.max(0, Math.min(POINTS - 2, (int) position));
            return multipliers[i] + (position - i) * (multipliers[i + 1] - multipliers[i]);
        }
    }
}
