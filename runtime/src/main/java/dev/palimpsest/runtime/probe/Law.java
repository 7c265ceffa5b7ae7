package dev.palimpsest.runtime.probe;

import dev.palimpsest.api.Observations;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Mean and variance of each mode's coefficient over items: of clean ones, or of what observations show of them.
 *
 * @param kind what the moments are those of
 */
record Law(double[] mean, double[] variance, int items, Kind kind) {
    /** Of clean items; of observations, h^2 P + N; of what is seen of them, P + N; of nothing that tells P. */
    enum Kind {
        CLEAN,
        OBSERVED,
        SEEN,
        UNKNOWN
    }

    static Law of(Modes modes, INDArray x, boolean clean) {
        float[] values = x.dup('c').data().asFloat();
        int n = (int) x.size(0);
        double[] mean = new double[modes.size()];
        double[] variance = new double[modes.size()];
        for (int item = 0; item < n; item++) {
            double[] c = modes.coefficients(values, item);
            for (int k = 0; k < c.length; k++) {
                double before = c[k] - mean[k];
                mean[k] += before / (item + 1);
                variance[k] += before * (c[k] - mean[k]);
            }
        }
        for (int k = 0; k < variance.length; k++) {
            variance[k] /= Math.max(1, n - 1);
        }
        return new Law(mean, variance, n, clean ? Kind.CLEAN : Kind.OBSERVED);
    }

    static Law unknown(Modes modes) {
        return new Law(new double[modes.size()], new double[modes.size()], 0, Kind.UNKNOWN);
    }

    /**
     * The law of what is seen, from observations of which some coordinates are lost: each covariance of two coordinates is a mean over the items that show both.
     *
     * <pre>
     * variance_k = sum over i, j of phi_k(i) C_ij phi_k(j)
     * </pre>
     *
     * @param seen 1 where seen, 0 where lost, item by item
     */
    static Law ofSeen(Modes modes, Observations y, float[] seen) {
        int n = (int) y.y().size(0);
        int d = modes.size();
        float[] values = y.y().dup('c').data().asFloat();
        float[] mean = new float[d];
        float[] count = new float[d];
        for (int i = 0; i < values.length; i++) {
            mean[i % d] += seen[i] * values[i];
            count[i % d] += seen[i];
        }
        for (int j = 0; j < d; j++) {
            mean[j] = count[j] > 0 ? mean[j] / count[j] : 0;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = seen[i] * (values[i] - mean[i % d]);
        }
        INDArray z = Nd4j.createFromArray(values).reshape('c', n, d);
        INDArray m = Nd4j.createFromArray(seen).reshape('c', n, d);
        float[] sums = z.transpose().mmul(z).dup('c').data().asFloat();
        float[] pairs = m.transpose().mmul(m).dup('c').data().asFloat();
        float[] unit = new float[d * d];
        for (int j = 0; j < d; j++) {
            unit[j * d + j] = 1;
            for (int i = 0; i < d; i++) {
                sums[j * d + i] = pairs[j * d + i] > 1 ? sums[j * d + i] / (pairs[j * d + i] - 1) : 0;
            }
        }
        double[] variance = new double[d];
        for (int j = 0; j < d; j++) {
            double[] byMode = modes.coefficients(sums, j);
            double[] phi = modes.coefficients(unit, j);
            for (int k = 0; k < d; k++) {
                variance[k] += byMode[k] * phi[k];
            }
        }
        return new Law(modes.coefficients(mean, 0), variance, n, Kind.SEEN);
    }

    /** P, from h^2 and N; not a number where it cannot be known. */
    double power(int mode, double h2, double noise) {
        return switch (kind) {
            case CLEAN -> variance[mode];
            case OBSERVED, SEEN -> h2 > 0 ? Math.max(0, variance[mode] - noise) / h2 : 0;
            case UNKNOWN -> Double.NaN;
        };
    }

    /** The clean mean of a mode in units of its standard deviation; 0 where chance explains it, or where it cannot be known. */
    double shift(int mode, double gain, double p, double errors) {
        if (kind == Kind.UNKNOWN || !(p > 0) || Math.abs(mean[mode]) <= errors * Math.sqrt(variance[mode] / items)) {
            return 0;
        }
        return Math.abs(kind == Kind.CLEAN || gain == 0 ? mean[mode] : mean[mode] / gain) / Math.sqrt(p);
    }
}
