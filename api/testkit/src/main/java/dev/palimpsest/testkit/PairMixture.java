package dev.palimpsest.testkit;

import dev.palimpsest.api.InterpolantSchedule;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.hipparchus.analysis.integration.gauss.GaussIntegrator;
import org.hipparchus.analysis.integration.gauss.GaussIntegratorFactory;

/**
 * The exact drift of an interpolant whose ends are a mixture of {@link GaussianPair}s: with r_i(v) the probability of part i given I = v,
 *
 * <pre>b(t, v) = E[I' | I = v] = sum_i r_i(v) E_i[I' | I = v].</pre>
 *
 * For additive noise of one sigma and the linear schedule it is -(sigma^2 t + gamma gamma') grad log p_t (method, section 2): every part contributes
 * (sigma^2 t + gamma gamma') / V_i (v - m_i), and sum_i r_i (m_i - v) / V_i is the gradient of log p_t. A Gaussian mixture as prior, a share of pairs
 * with the real y (mix-in), and a law of finitely many points are all of this kind.
 */
public record PairMixture(InterpolantSchedule schedule, List<Double> weights, List<GaussianPair> parts)
        implements ExactVelocity {
    private static final int TIMES = 60;
    private static final int POINTS = 2001;
    private static final double REACH = 9;

    public PairMixture(InterpolantSchedule schedule, GaussianPair pair) {
        this(schedule, List.of(1.0), List.of(pair));
    }

    @Override
    public UnaryOperator<double[]> at(double t, double[] conditioning) {
        GaussianPair.Slice[] slices =
                parts.stream().map(part -> part.at(schedule, t)).toArray(GaussianPair.Slice[]::new);
        if (slices.length == 1) {
            return slices[0];
        }
        double[] logWeights = weights.stream().mapToDouble(Math::log).toArray();
        return v -> {
            double[] shares = shares(slices, logWeights, v);
            double[] b = new double[v.length];
            for (int i = 0; i < slices.length; i++) {
                if (shares[i] > 0) {
                    double[] part = slices[i].apply(v);
                    for (int j = 0; j < b.length; j++) {
                        b[j] += shares[i] * part[j];
                    }
                }
            }
            return b;
        };
    }

    private static double[] shares(GaussianPair.Slice[] slices, double[] logWeights, double[] v) {
        double[] logs = new double[slices.length];
        for (int i = 0; i < logs.length; i++) {
            logs[i] = logWeights[i] + slices[i].applyAsDouble(v);
        }
        double largest = Arrays.stream(logs).max().orElseThrow();
        double sum = 0;
        for (int i = 0; i < logs.length; i++) {
            logs[i] = Math.exp(logs[i] - largest);
            sum += logs[i];
        }
        for (int i = 0; i < logs.length; i++) {
            logs[i] /= sum;
        }
        return logs;
    }

    /**
     * The training loss at this drift in one dimension, E (I' - b(t, I))^2 = integral over t of E I'^2 - E b^2, by Gauss-Legendre quadrature in
     * t and the trapezoidal rule in v, for a schedule whose gamma' is finite.
     */
    public double loss() {
        GaussIntegrator times = new GaussIntegratorFactory().legendre(TIMES, 0, 1);
        return times.integrate(t -> speed(t) - explained(t));
    }

    /** E I'^2. */
    private double speed(double t) {
        double alphaDot = schedule.alphaDot(t);
        double betaDot = schedule.betaDot(t);
        double sum = schedule.gammaDot(t) * schedule.gammaDot(t);
        for (int i = 0; i < parts.size(); i++) {
            GaussianPair p = parts.get(i);
            double mean = alphaDot * p.mean0()[0] + betaDot * p.mean1()[0];
            double variance = alphaDot * alphaDot * p.c00()[0][0]
                    + 2 * alphaDot * betaDot * p.c01()[0][0]
                    + betaDot * betaDot * p.c11()[0][0];
            sum += weights.get(i) * (mean * mean + variance);
        }
        return sum;
    }

    /** E b(t, I)^2. */
    private double explained(double t) {
        UnaryOperator<double[]> b = at(t, new double[0]);
        double sum = 0;
        for (int i = 0; i < parts.size(); i++) {
            GaussianPair.Slice slice = parts.get(i).at(schedule, t);
            double deviation = 1 / Math.sqrt(slice.precision()[0][0]);
            double h = 2 * REACH / (POINTS - 1);
            for (int k = 0; k < POINTS; k++) {
                double xi = -REACH + k * h;
                double velocity = b.apply(new double[] {slice.mean()[0] + deviation * xi})[0];
                sum += weights.get(i) * Normal.density(xi) * h * velocity * velocity;
            }
        }
        return sum;
    }
}
