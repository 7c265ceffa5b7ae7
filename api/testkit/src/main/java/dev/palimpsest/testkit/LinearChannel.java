package dev.palimpsest.testkit;

import dev.palimpsest.api.InterpolantSchedule;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.ode.ODEState;
import org.hipparchus.ode.OrdinaryDifferentialEquation;
import org.hipparchus.ode.nonstiff.DormandPrince853Integrator;

/**
 * Any linear Gaussian channel y = A x + N(0, R), and the method's exact rounds for a normal prior (method, section 2).
 *
 * <pre>
 * Phi_k(y) = m_k + M_k (y - A m_k),  M_k: the flow from t = 1 to 0 of dX/dt = B_t X,
 * B_t = [P_t' C_k P_t^T + beta beta' R + gamma gamma' 1] [P_t C_k P_t^T + beta^2 R + gamma^2 1]^-1,  P_t = alpha 1 + beta A,
 * C_(k+1) = M_k (A S A^T + R) M_k^T,  m_(k+1) = m_k + M_k A (m - m_k).
 * </pre>
 *
 * Derivation: I = P_t x0 + beta e + gamma z with e ~ N(0, R), so B_t = Cov(I', I) Var(I)^-1; its centre moves along P_t m_k, from A m_k to m_k, and y
 * ~ N(A m, A S A^T + R) is mapped by what is affine in it. The flow is solved by Hipparchus (Dormand-Prince 8(5,3), tolerance 1e-12).
 *
 * @param gain A, [d][d]
 * @param noise R, the noise's covariance, [d][d]
 */
public record LinearChannel(double[][] gain, double[][] noise) {
    private static final double TOLERANCE = 1e-12;

    public static LinearChannel scalar(double gain, double noise) {
        return new LinearChannel(new double[][] {{gain}}, new double[][] {{noise * noise}});
    }

    /** y = A x + noise xi. */
    public static LinearChannel isotropic(double[][] gain, double noise) {
        return new LinearChannel(
                gain,
                MatrixUtils.createRealIdentityMatrix(gain.length)
                        .scalarMultiply(noise * noise)
                        .getData());
    }

    /** y = x + noise xi in d dimensions. */
    public static LinearChannel additive(int d, double noise) {
        return isotropic(MatrixUtils.createRealIdentityMatrix(d).getData(), noise);
    }

    /** The random mask where the mask is known: what is seen has the noise given, what is lost is N(0, 1). */
    public static LinearChannel masked(double[] seen, double noise) {
        double[] variances = new double[seen.length];
        for (int i = 0; i < seen.length; i++) {
            variances[i] = seen[i] == 1 ? noise * noise : 1;
        }
        return new LinearChannel(
                MatrixUtils.createRealDiagonalMatrix(seen).getData(),
                MatrixUtils.createRealDiagonalMatrix(variances).getData());
    }

    /** The law of y: N(A m, A S A^T + R). */
    public Gaussian observed(Gaussian x) {
        RealMatrix a = MatrixUtils.createRealMatrix(gain);
        RealMatrix w = a.multiply(MatrixUtils.createRealMatrix(x.covariance()))
                .multiplyTransposed(a)
                .add(MatrixUtils.createRealMatrix(noise));
        return new Gaussian(a.operate(x.mean()), w.getData());
    }

    /** M, the matrix of Phi where x has the current law, [d][d]. */
    public double[][] transport(InterpolantSchedule schedule, Gaussian current) {
        GaussianPair pair = GaussianPair.through(this, current);
        int d = gain.length;
        double[][] m = new double[d][d];
        for (int column = 0; column < d; column++) {
            double[] basis = new double[d];
            basis[column] = 1;
            double[] end = new DormandPrince853Integrator(1e-9, 1, TOLERANCE, TOLERANCE)
                    .integrate(new Linear(schedule, pair), new ODEState(1, basis), 0)
                    .getPrimaryState();
            for (int row = 0; row < d; row++) {
                m[row][column] = end[row];
            }
        }
        return m;
    }

    /** The law of x = Phi_k(y) after the next round. */
    public Gaussian next(InterpolantSchedule schedule, Gaussian current, Gaussian truth) {
        RealMatrix m = MatrixUtils.createRealMatrix(transport(schedule, current));
        Gaussian y = observed(truth);
        double[] moved = m.operate(MatrixUtils.createRealVector(y.mean())
                .subtract(MatrixUtils.createRealVector(observed(current).mean()))
                .toArray());
        double[] mean = current.mean().clone();
        for (int i = 0; i < mean.length; i++) {
            mean[i] += moved[i];
        }
        RealMatrix covariance =
                m.multiply(MatrixUtils.createRealMatrix(y.covariance())).multiplyTransposed(m);
        return new Gaussian(mean, covariance.getData());
    }

    /**
     * The law of E[x | y] under the current law, where y comes from the truth: G = C A^T (A C A^T + R)^-1, covariance G (A S A^T + R) G^T, mean m_k + G A (m - m_k).
     */
    public Gaussian meanRound(Gaussian current, Gaussian truth) {
        RealMatrix a = MatrixUtils.createRealMatrix(gain);
        RealMatrix g = MatrixUtils.createRealMatrix(current.covariance())
                .multiplyTransposed(a)
                .multiply(MatrixUtils.inverse(
                        MatrixUtils.createRealMatrix(observed(current).covariance())));
        Gaussian y = observed(truth);
        double[] moved = g.operate(MatrixUtils.createRealVector(y.mean())
                        .subtract(MatrixUtils.createRealVector(observed(current).mean())))
                .toArray();
        double[] mean = current.mean().clone();
        for (int i = 0; i < mean.length; i++) {
            mean[i] += moved[i];
        }
        return new Gaussian(
                mean,
                g.multiply(MatrixUtils.createRealMatrix(y.covariance()))
                        .multiplyTransposed(g)
                        .getData());
    }

    /** dX/dt = B_t X. */
    private record Linear(InterpolantSchedule schedule, GaussianPair pair) implements OrdinaryDifferentialEquation {
        @Override
        public int getDimension() {
            return pair.mean0().length;
        }

        @Override
        public double[] computeDerivatives(double t, double[] x) {
            return MatrixUtils.createRealMatrix(
                            pair.at(schedule, Math.min(1, Math.max(0, t))).slope())
                    .operate(x);
        }
    }
}
