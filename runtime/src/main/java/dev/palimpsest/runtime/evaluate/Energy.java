package dev.palimpsest.runtime.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The unbiased energy distance E|X-Y| - E|X-X'|/2 - E|Y-Y'|/2 of two samples (Székely and Rizzo, "Energy statistics", J. Stat. Plan.
 * Inference 143, 2013; half of theirs), and its permutation test.
 *
 * <p>At most 2000 items of each sample are compared, and at most 2^23 values of each, so that memory stays bounded.
 */
final class Energy {
    private static final int ITEMS = 2000;
    private static final int VALUES = 1 << 23;
    private static final int BLOCK = 256;

    /** How far the energies of equal splits, summed in another order, may lie apart, relative to the mean distance. */
    private static final double ROUNDING = 1e-12;

    private Energy() {}

    private record Relabellings(double[] energies, double meanDistance) {}

    static double distance(Halves halves) {
        Halves used = used(halves);
        return relabellings(used, List.of(order(used))).energies[0];
    }

    /** The p-value (1 + hits) / (1 + permutations) of the distance, where a hit is a relabelling of the pooled sample that gives at least as much. */
    static double pValue(Halves halves, int permutations, RandomGenerator rng) {
        Halves used = used(halves);
        List<int[]> orders = new ArrayList<>(List.of(order(used)));
        for (int k = 0; k < permutations; k++) {
            orders.add(shuffled(order(used), rng));
        }
        Relabellings relabellings = relabellings(used, orders);
        double[] energy = relabellings.energies;
        double least = energy[0] - ROUNDING * relabellings.meanDistance;
        long hits = IntStream.rangeClosed(1, permutations)
                .filter(k -> energy[k] >= least)
                .count();
        return (1.0 + hits) / (1.0 + permutations);
    }

    private static Halves used(Halves halves) {
        return halves.atMost(Math.max(2, Math.min(ITEMS, VALUES / halves.first().dimension())));
    }

    private static int[] order(Halves halves) {
        return IntStream.range(0, halves.first().count() + halves.second().count())
                .toArray();
    }

    private static int[] shuffled(int[] order, RandomGenerator rng) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = rng.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }

    /**
     * The energy distance for each order of the pooled items, of which the first n are taken as X and the others as Y.
     *
     * <p>The matrix D of pairwise distances is never held as a whole: with one column of labels P (1 for X, 0 for Y) for each order,
     * the rows of D P, block by block, are all that is needed.
     */
    private static Relabellings relabellings(Halves halves, List<int[]> orders) {
        int n = halves.first().count();
        int m = halves.second().count();
        double[][] labels = new double[n + m][orders.size()];
        for (int k = 0; k < orders.size(); k++) {
            for (int i = 0; i < n; i++) {
                labels[orders.get(k)[i]][k] = 1;
            }
        }
        INDArray p = Nd4j.createFromArray(labels);
        double[][] centred = centred(halves);
        double[] norms = new double[n + m];
        for (int i = 0; i < norms.length; i++) {
            for (double value : centred[i]) {
                norms[i] += value * value;
            }
        }
        INDArray pooled = Nd4j.createFromArray(centred);
        Sums[] ofBlocks = new Sums[Blocks.count(n + m, BLOCK)];
        Blocks.inParallel(n + m, BLOCK, (block, from, to) -> {
            double[][] d = distances(pooled, norms, from, to);
            double[][] toX = Rows.matrix(Nd4j.createFromArray(d).mmul(p));
            ofBlocks[block] = new Sums(orders.size());
            for (int i = from; i < to; i++) {
                ofBlocks[block].add(d[i - from], toX[i - from], labels[i]);
            }
        });
        Sums sums = new Sums(orders.size());
        for (Sums ofBlock : ofBlocks) {
            sums.add(ofBlock);
        }
        double total = sums.total;
        double[] fromX = sums.fromX;
        double[] withinX = sums.withinX;
        double[] energies = new double[orders.size()];
        for (int k = 0; k < energies.length; k++) {
            double between = fromX[k] - withinX[k];
            double withinY = total - fromX[k] - between;
            energies[k] = between / n / m - withinX[k] / n / (n - 1) / 2 - withinY / m / (m - 1) / 2;
        }
        return new Relabellings(energies, total / (n + m) / (n + m));
    }

    /** Sums of distances, for each order. */
    private static final class Sums {
        private double total;
        private final double[] fromX; // sum over x in X and z in both of |x - z|
        private final double[] withinX; // sum over x and x' in X of |x - x'|

        Sums(int orders) {
            fromX = new double[orders];
            withinX = new double[orders];
        }

        /** Adds an item's distances from all items, the sums of those from X, and whether it is itself in X. */
        void add(double[] distances, double[] toX, double[] inX) {
            double sum = 0;
            for (double distance : distances) {
                sum += distance;
            }
            total += sum;
            for (int k = 0; k < fromX.length; k++) {
                fromX[k] += inX[k] * sum;
                withinX[k] += inX[k] * toX[k];
            }
        }

        void add(Sums others) {
            total += others.total;
            for (int k = 0; k < fromX.length; k++) {
                fromX[k] += others.fromX[k];
                withinX[k] += others.withinX[k];
            }
        }
    }

    /** The pooled items less their mean, which changes no distance and keeps |z|^2 from swamping it. */
    private static double[][] centred(Halves halves) {
        double[][] pooled = Rows.matrix(
                Nd4j.vstack(halves.first().doubles(), halves.second().doubles()));
        double[] mean = new double[halves.first().dimension()];
        for (double[] item : pooled) {
            for (int k = 0; k < mean.length; k++) {
                mean[k] += item[k] / pooled.length;
            }
        }
        for (double[] item : pooled) {
            for (int k = 0; k < mean.length; k++) {
                item[k] -= mean[k];
            }
        }
        return pooled;
    }

    /** |z_i - z_j| for the rows i of a block and all j, from |z_i|^2 + |z_j|^2 - 2 z_i z_j. */
    private static double[][] distances(INDArray pooled, double[] norms, int from, int to) {
        INDArray block = pooled.get(NDArrayIndex.interval(from, to), NDArrayIndex.all());
        double[][] d = Rows.matrix(block.mmul(pooled.transpose()));
        for (int i = from; i < to; i++) {
            double[] row = d[i - from];
            for (int j = 0; j < row.length; j++) {
                row[j] = i == j ? 0 : Math.sqrt(Math.max(0, norms[i] + norms[j] - 2 * row[j]));
            }
        }
        return d;
    }
}
