package dev.palimpsest.runtime.evaluate;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The Euclidean distances between all items of two samples, pooled: the first n of the pool are x, the others y. The whole matrix is never held, only
 * blocks of its rows.
 */
final class Distances {
    /** How many rows are worked on at once. */
    static final int BLOCK = 256;

    private static final int ITEMS = 2000;
    private static final int VALUES = 1 << 23;

    private final INDArray pooled;
    private final double[] norms;

    Distances(Rows x, Rows y) {
        double[][] items;
        try (INDArray first = x.doubles();
                INDArray second = y.doubles();
                INDArray both = Nd4j.vstack(first, second)) {
            items = Rows.matrix(both);
        }
        centre(items);
        norms = new double[items.length];
        for (int i = 0; i < norms.length; i++) {
            for (double value : items[i]) {
                norms[i] += value * value;
            }
        }
        pooled = Nd4j.createFromArray(items);
    }

    /** Subtracts the mean, which changes no distance, and keeps |z|^2 from swamping it. */
    private static void centre(double[][] items) {
        double[] mean = new double[items[0].length];
        for (double[] item : items) {
            for (int k = 0; k < mean.length; k++) {
                mean[k] += item[k] / items.length;
            }
        }
        for (double[] item : items) {
            for (int k = 0; k < mean.length; k++) {
                item[k] -= mean[k];
            }
        }
    }

    /** How many items of a sample are compared at most, so that memory and time stay bounded. */
    static int most(int dimension) {
        return Math.max(2, Math.min(ITEMS, VALUES / dimension));
    }

    /** |z_i - z_j| for the rows i of a block of the pool and all j, from |z_i|^2 + |z_j|^2 - 2 z_i z_j. */
    double[][] rows(int from, int to) {
        INDArray block = pooled.get(NDArrayIndex.interval(from, to), NDArrayIndex.all());
        double[][] d = Rows.product(block, pooled.transpose());
        for (int i = from; i < to; i++) {
            double[] row = d[i - from];
            for (int j = 0; j < row.length; j++) {
                row[j] = i == j ? 0 : Math.sqrt(Math.max(0, norms[i] + norms[j] - 2 * row[j]));
            }
        }
        return d;
    }
}
