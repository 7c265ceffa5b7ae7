package dev.palimpsest.testkit;

import java.util.function.DoubleUnaryOperator;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;

/**
 * y = x + sigma xi with prior N(m, S) in d dimensions: the method in closed form, for any schedule (method, section 2).
 *
 * <pre>
 * Phi(y) = m + S^1/2 (S + sigma^2 1)^-1/2 (y - m),
 * eigenvalues of C_k from Phi = identity: lambda / (1 - rho^(k+1)), rho = sigma^2 / (lambda + sigma^2).
 * </pre>
 *
 * Derivation: B_t is a function of S, so that in the basis of its eigenvectors every coordinate is a {@link ScalarChannel} of gain 1.
 *
 * @param covariance S, [d][d]
 * @param sigma standard deviation of the noise
 */
public record AdditiveNoise(double[][] covariance, double sigma) {
    /** The matrix of Phi at the fixed point. */
    public double[][] transport() {
        return function(lambda -> Math.sqrt(lambda / (lambda + sigma * sigma)));
    }

    /** The matrix S (S + sigma^2 1)^-1 of the posterior mean, which minimises the mean squared error and is not Phi. */
    public double[][] posteriorMean() {
        return function(lambda -> lambda / (lambda + sigma * sigma));
    }

    /** C_k, from Phi = identity. */
    public double[][] covariance(int round) {
        return function(lambda -> new ScalarChannel(1, 0, Math.sqrt(lambda), sigma).variance(round));
    }

    private double[][] function(DoubleUnaryOperator f) {
        EigenDecompositionSymmetric eigen = new EigenDecompositionSymmetric(MatrixUtils.createRealMatrix(covariance));
        double[] values = eigen.getEigenvalues();
        for (int i = 0; i < values.length; i++) {
            values[i] = f.applyAsDouble(values[i]);
        }
        RealMatrix v = eigen.getV();
        return v.multiply(MatrixUtils.createRealDiagonalMatrix(values))
                .multiplyTransposed(v)
                .getData();
    }
}
