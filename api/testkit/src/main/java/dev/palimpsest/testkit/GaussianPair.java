package dev.palimpsest.testkit;

import dev.palimpsest.api.InterpolantSchedule;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.util.FastMath;

/**
 * A joint normal law of the ends (x0, x1) of an interpolant, and with it the exact drift.
 *
 * <p>I = alpha x0 + beta x1 + gamma z and I' = alpha' x0 + beta' x1 + gamma' z are jointly normal, so that
 *
 * <pre>
 * E[I' | I = v] = E I' + Cov(I', I) Var(I)^-1 (v - E I),
 * Var(I)     = alpha^2 C00 + alpha beta (C01 + C01^T) + beta^2 C11 + gamma^2 1,
 * Cov(I', I) = alpha' alpha C00 + alpha' beta C01 + beta' alpha C01^T + beta' beta C11 + gamma' gamma 1.
 * </pre>
 *
 * @param mean0 E x0, [d]
 * @param mean1 E x1, [d]
 * @param c00 Var(x0), [d][d]
 * @param c01 Cov(x0, x1), [d][d]
 * @param c11 Var(x1), [d][d]
 */
public record GaussianPair(double[] mean0, double[] mean1, double[][] c00, double[][] c01, double[][] c11) {
    /** x0 of a law, and x1 = F(x0) for a channel. */
    public static GaussianPair through(LinearChannel channel, Gaussian x0) {
        RealMatrix a = MatrixUtils.createRealMatrix(channel.gain());
        RealMatrix c = MatrixUtils.createRealMatrix(x0.covariance());
        Gaussian x1 = channel.observed(x0);
        return new GaussianPair(
                x0.mean(), x1.mean(), x0.covariance(), c.multiplyTransposed(a).getData(), x1.covariance());
    }

    /** x1 of a law, and x0 = offset + slope x1, with no randomness left. */
    public static GaussianPair mapped(double offset, double slope, double mean1, double variance1) {
        return new GaussianPair(
                new double[] {offset + slope * mean1},
                new double[] {mean1},
                new double[][] {{slope * slope * variance1}},
                new double[][] {{slope * variance1}},
                new double[][] {{variance1}});
    }

    /** The drift and the law of I at one time. */
    Slice at(InterpolantSchedule schedule, double t) {
        double alpha = schedule.alpha(t);
        double beta = schedule.beta(t);
        double alphaDot = schedule.alphaDot(t);
        double betaDot = schedule.betaDot(t);
        int d = mean0.length;
        double[] mean = new double[d];
        double[] velocity = new double[d];
        double[][] variance = new double[d][d];
        double[][] covariance = new double[d][d];
        for (int i = 0; i < d; i++) {
            mean[i] = alpha * mean0[i] + beta * mean1[i];
            velocity[i] = alphaDot * mean0[i] + betaDot * mean1[i];
            for (int j = 0; j < d; j++) {
                variance[i][j] =
                        alpha * alpha * c00[i][j] + alpha * beta * (c01[i][j] + c01[j][i]) + beta * beta * c11[i][j];
                covariance[i][j] = alphaDot * alpha * c00[i][j]
                        + alphaDot * beta * c01[i][j]
                        + betaDot * alpha * c01[j][i]
                        + betaDot * beta * c11[i][j];
            }
            variance[i][i] += schedule.gamma(t) * schedule.gamma(t);
            covariance[i][i] += schedule.gammaGammaDot(t);
        }
        CholeskyDecomposition cholesky =
                new CholeskyDecomposition(MatrixUtils.createRealMatrix(variance), 1e-9, 1e-300);
        double[][] precision = cholesky.getSolver().getInverse().getData();
        double[][] slope = MatrixUtils.createRealMatrix(covariance)
                .multiply(MatrixUtils.createRealMatrix(precision))
                .getData();
        return new Slice(mean, velocity, slope, precision, FastMath.log(cholesky.getDeterminant()));
    }

    /**
     * @param mean E I
     * @param velocity E I'
     * @param slope B = Cov(I', I) Var(I)^-1
     * @param precision Var(I)^-1
     * @param logDeterminant of Var(I)
     */
    record Slice(double[] mean, double[] velocity, double[][] slope, double[][] precision, double logDeterminant)
            implements UnaryOperator<double[]>, ToDoubleFunction<double[]> {
        /** E[I' | I = v]. */
        @Override
        public double[] apply(double[] v) {
            double[] b = velocity.clone();
            for (int i = 0; i < b.length; i++) {
                for (int j = 0; j < b.length; j++) {
                    b[i] += slope[i][j] * (v[j] - mean[j]);
                }
            }
            return b;
        }

        /** The logarithm of the density of I at v, but for d/2 log 2 pi. */
        @Override
        public double applyAsDouble(double[] v) {
            double form = 0;
            for (int i = 0; i < v.length; i++) {
                for (int j = 0; j < v.length; j++) {
                    form += (v[i] - mean[i]) * precision[i][j] * (v[j] - mean[j]);
                }
            }
            return -0.5 * (form + logDeterminant);
        }
    }
}
