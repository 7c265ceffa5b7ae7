package dev.palimpsest.plugins.tomography;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Sees each vector only along a few random orthonormal directions, the columns of U, and fills the rest with standard normal noise:
 *
 * <pre>  y = U (U^T x + noise xi) + (I - U U^T) zeta</pre>
 *
 * with xi and zeta standard normal, and U [d, directions] uniform (of the Haar measure), drawn for each item.
 *
 * <p>Items are vectors [N, d] with d at most 32; the conditioning [N, d (d + 1)/2] is the upper triangle of U U^T, row by row, which knows no signs and no
 * order of the directions. The filler is random because a deterministic one leaves only averages to be learned. One direction is enough for the prior to be
 * identifiable: the laws of all its projections on lines determine a law (Cramér and Wold 1936).
 *
 * @param directions number of directions along which an item is seen, at most d
 * @param noise standard deviation of the noise on what is seen
 */
@Doc("Sees each vector only along random directions; the plane that they span is known.")
public record RandomProjection(
        @Doc("Number of directions along which each vector is seen.") @Range(min = 1)
        int directions,

        @Doc("Standard deviation of the noise along the directions that are seen.") @Range(min = 0)
        double noise)
        implements ForwardModel {
    private static final int LARGEST = 32;

    public RandomProjection() {
        this(1, .1);
    }

    public RandomProjection {
        Ranges.check(RandomProjection.class, directions, noise);
    }

    /** Throws IllegalArgumentException if items of this shape are not vectors, or too short or too long. */
    @Override
    public ForwardModel prepare(long[] itemShape) {
        if (itemShape.length != 1) {
            throw new IllegalArgumentException("random-projection needs vectors [d], got items of shape "
                    + Arrays.toString(itemShape) + "; for images there is tomography");
        }
        if (itemShape[0] > LARGEST) {
            throw new IllegalArgumentException("random-projection needs vectors of at most " + LARGEST
                    + " coordinates, because its conditioning has d (d + 1)/2, got " + itemShape[0]
                    + "; for images [channels, height, width] there is tomography");
        }
        if (directions > itemShape[0]) {
            throw new IllegalArgumentException("random-projection: directions must be at most " + itemShape[0]
                    + " for vectors of " + itemShape[0] + " coordinates, got " + directions);
        }
        return this;
    }

    /** Throws IllegalArgumentException if x is not vectors, or they are too short or too long. */
    @Override
    public Observations apply(INDArray x, RandomGenerator rng) {
        prepare(Arrays.copyOfRange(x.shape(), 1, x.rank()));
        int items = (int) x.size(0);
        int d = (int) x.size(1);
        float[] values = x.dup('c').data().asFloat();
        float[] known = new float[items * d * (d + 1) / 2];
        for (int item = 0, next = 0; item < items; item++) {
            double[][] basis = orthonormal(directions, d, rng);
            observe(basis, values, item * d, d, rng);
            for (int i = 0; i < d; i++) {
                for (int j = i; j < d; j++) {
                    double entry = 0;
                    for (double[] u : basis) {
                        entry += u[i] * u[j];
                    }
                    known[next++] = (float) entry;
                }
            }
        }
        return Observations.of(
                Nd4j.createFromArray(values).reshape('c', items, d),
                Nd4j.createFromArray(known).reshape('c', items, d * (d + 1) / 2));
    }

    /** Replaces x by y = zeta + sum over u of u (u . (x - zeta) + noise xi). */
    private void observe(double[][] basis, float[] values, int from, int d, RandomGenerator rng) {
        double[] filler = normal(d, rng);
        double[] y = filler.clone();
        for (double[] u : basis) {
            double seen = noise * rng.nextGaussian();
            for (int i = 0; i < d; i++) {
                seen += u[i] * (values[from + i] - filler[i]);
            }
            add(y, seen, u);
        }
        for (int i = 0; i < d; i++) {
            values[from + i] = (float) y[i];
        }
    }

    /**
     * The Q of the QR decomposition with a positive diagonal of standard normal vectors, which is uniform (Mezzadri, "How to generate random matrices from the
     * classical compact groups", Notices of the AMS 54, 2007). Gram-Schmidt, each vector twice, so that it is orthogonal to rounding.
     */
    private static double[][] orthonormal(int count, int d, RandomGenerator rng) {
        double[][] basis = new double[count][];
        for (int k = 0; k < count; k++) {
            double[] v = normal(d, rng);
            for (int pass = 0; pass < 2; pass++) {
                for (int earlier = 0; earlier < k; earlier++) {
                    add(v, -dot(basis[earlier], v), basis[earlier]);
                }
                double norm = Math.sqrt(dot(v, v));
                for (int i = 0; i < d; i++) {
                    v[i] /= norm;
                }
            }
            basis[k] = v;
        }
        return basis;
    }

    private static double[] normal(int d, RandomGenerator rng) {
        double[] values = new double[d];
        for (int i = 0; i < d; i++) {
            values[i] = rng.nextGaussian();
        }
        return values;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static void add(double[] to, double factor, double[] vector) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * vector[i];
        }
    }
}
