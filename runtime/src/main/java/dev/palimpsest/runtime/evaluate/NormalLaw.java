package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.runtime.probe.Symmetric;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The mean m and the covariance S of a sample, in double precision.
 *
 * @param covariance [d, d], unbiased: divided by n - 1
 */
record NormalLaw(double[] mean, INDArray covariance) {
    /** @param items at least two */
    static NormalLaw of(Rows items) {
        double[] mean = items.mean();
        INDArray centred = items.doubles().subiRowVector(Nd4j.createFromArray(mean));
        return new NormalLaw(mean, centred.transpose().mmul(centred).divi(items.count() - 1));
    }

    /**
     * A matrix R with R^T R = S, from S = Q diag(l) Q^T as diag(sqrt(l)) Q^T; eigenvalues that rounding made negative count as 0.
     *
     * @return [d, d]
     */
    INDArray root() {
        if (!Double.isFinite(trace(covariance))) {
            return covariance; // which LAPACK does not take, and from which no distance is a number
        }
        Symmetric eigen = Symmetric.of(covariance);
        double[][] rows = eigen.vectors();
        for (int i = 0; i < rows.length; i++) {
            double length = Math.sqrt(Math.max(0, eigen.values()[i]));
            for (int k = 0; k < rows.length; k++) {
                rows[i][k] *= length;
            }
        }
        return Nd4j.createFromArray(rows);
    }

    /**
     * The squared Wasserstein-2 distance of two normal laws, |m1 - m2|^2 + tr(S1 + S2 - 2 (S1^1/2 S2 S1^1/2)^1/2): with S1 = R^T R, the last matrix has the same
     * eigenvalues as (R S2 R^T)^1/2, since R is S1^1/2 but for a rotation.
     *
     * @param root that of this law
     */
    double distance(INDArray root, NormalLaw other) {
        double distance = trace(covariance) + trace(other.covariance);
        for (int k = 0; k < mean.length; k++) {
            distance += (mean[k] - other.mean[k]) * (mean[k] - other.mean[k]);
        }
        if (!Double.isFinite(distance)) {
            return distance;
        }
        INDArray product = root.mmul(other.covariance).mmul(root.transpose());
        for (double value : Symmetric.of(product).values()) {
            distance -= 2 * Math.sqrt(Math.max(0, value));
        }
        return distance;
    }

    private static double trace(INDArray matrix) {
        double trace = 0;
        for (double value : Nd4j.diag(matrix).dup('c').data().asDouble()) {
            trace += value;
        }
        return trace;
    }
}
