package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.api.Samples;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Fixed random directions of unit length, and W2 along them; in one dimension the only direction there is. */
record Slices(int projections, long seed) {
    private static final int BLOCK = 1024;

    /** The root of the mean over directions of W2^2. */
    double distance(Halves halves) {
        INDArray directions = directions(halves.first().dimension());
        double[][] x = sorted(halves.first(), directions);
        double[][] y = sorted(halves.second(), directions);
        double sum = 0;
        for (int k = 0; k < x.length; k++) {
            sum += squaredWasserstein(x[k], y[k]);
        }
        return Math.sqrt(sum / x.length);
    }

    private INDArray directions(int dimension) {
        if (dimension == 1) {
            return Nd4j.createFromArray(new double[][] {{1}});
        }
        double[][] u =
                Rows.matrix(Samples.gaussian(new RandomStreams(seed).stream("directions", 0), dimension, projections)
                        .castTo(DataType.DOUBLE));
        double[] squares = new double[projections];
        for (double[] row : u) {
            for (int k = 0; k < projections; k++) {
                squares[k] += row[k] * row[k];
            }
        }
        for (double[] row : u) {
            for (int k = 0; k < projections; k++) {
                row[k] /= Math.sqrt(squares[k]);
            }
        }
        return Nd4j.createFromArray(u);
    }

    /** For each direction, the items' sorted positions along it. */
    private static double[][] sorted(Rows items, INDArray directions) {
        double[][] positions = new double[directions.columns()][items.count()];
        Blocks.inParallel(items.count(), BLOCK, (block, from, to) -> {
            double[][] along;
            try (INDArray some = items.between(from, to).doubles()) {
                along = Rows.product(some, directions);
            }
            for (int i = from; i < to; i++) {
                for (int k = 0; k < positions.length; k++) {
                    positions[k][i] = along[i - from][k];
                }
            }
        });
        for (double[] along : positions) {
            Arrays.sort(along);
        }
        return positions;
    }

    /** The integral over q in [0, 1] of the squared difference of the quantile functions, exact for samples of different sizes too. */
    private static double squaredWasserstein(double[] x, double[] y) {
        double sum = 0;
        int i = 0;
        int j = 0;
        double q = 0;
        while (i < x.length && j < y.length) {
            long nextX = (long) (i + 1) * y.length;
            long nextY = (long) (j + 1) * x.length;
            double next = (double) Math.min(nextX, nextY) / x.length / y.length;
            sum += (next - q) * (x[i] - y[j]) * (x[i] - y[j]);
            q = next;
            if (nextX <= nextY) {
                i++;
            }
            if (nextY <= nextX) {
                j++;
            }
        }
        return sum;
    }
}
