package dev.palimpsest.runtime.evaluate;

import java.util.Arrays;
import java.util.BitSet;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The unbiased squared MMD of two independent samples, and its test by dividing their items at random.
 *
 * <pre>
 * sum of k(x_i, x_j) over i != j / (n (n - 1)) + sum of k(y_i, y_j) over i != j / (m (m - 1)) - 2 sum of k(x_i, y_j) / (n m)
 * </pre>
 *
 * With the kernel's matrix K of the pooled items, whose diagonal is taken as 0, and a 0-1 vector a that says which of them are x, these sums are a K a, (1 -
 * a) K (1 - a) and a K (1 - a): a block of rows of K at a time serves all divisions, and no more of K is held. The divisions are kept as bits (5 MB for 10,000 of 4,000 items), and become
 * columns of numbers in groups of 256: with K's rows some 35 MB for each processor, however many there are.
 *
 * @param squared the estimate, which may be negative
 * @param pValue (1 + hits) / (1 + permutations), where a hit is a division that gives at least as much; empty without permutations
 */
record Discrepancy(double squared, OptionalDouble pValue) {
    /** How far estimates that are equal, summed in another order, may lie apart: kernels are at most 1. */
    private static final double ROUNDING = 1e-12;

    private static final int GROUP = 256;

    static Discrepancy of(Halves halves, Mmd.Kernel kernel, double bandwidth, int permutations, RandomGenerator rng) {
        Halves used = halves.atMost(Distances.most(halves.first().dimension()));
        int n = used.first().count();
        int all = n + used.second().count();
        BitSet[] members = members(n, all, permutations, rng);
        Distances distances = new Distances(used.first(), used.second());
        Sums[] ofBlocks = new Sums[Blocks.count(all, Distances.BLOCK)];
        Blocks.inParallel(all, Distances.BLOCK, (block, from, to) -> {
            double[][] k = distances.rows(from, to);
            Sums sums = new Sums(permutations + 1);
            double[] ofRows = new double[k.length];
            for (int i = 0; i < k.length; i++) {
                double[] row = k[i];
                for (int j = 0; j < all; j++) {
                    double distance = row[j] / bandwidth;
                    row[j] = from + i == j ? 0 : kernel.of(distance * distance / 2);
                    ofRows[i] += row[j];
                }
                sums.all += ofRows[i];
            }
            try (INDArray rows = Nd4j.createFromArray(k)) {
                for (int first = 0; first < members.length; first += GROUP) {
                    double[][] columns = columns(members, first, Math.min(members.length, first + GROUP), all);
                    try (INDArray divisions = Nd4j.createFromArray(columns)) {
                        double[][] products = Rows.product(rows, divisions);
                        for (int i = 0; i < k.length; i++) {
                            sums.add(first, columns[from + i], ofRows[i], products[i]);
                        }
                    }
                }
            }
            ofBlocks[block] = sums;
        });
        Sums sums = new Sums(permutations + 1);
        Arrays.stream(ofBlocks).forEach(sums::add);
        double[] squared = sums.discrepancies(n, all - n);
        return new Discrepancy(
                squared[0],
                permutations == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of((double) Arrays.stream(squared)
                                        .filter(value -> value >= squared[0] - ROUNDING)
                                        .count()
                                / squared.length));
    }

    /** The median of the distances of so many items from each other. */
    static double median(Distances distances, int items) {
        double[] pairs = new double[items * (items - 1) / 2];
        int next = 0;
        for (int from = 0; from < items; from += Distances.BLOCK) {
            double[][] rows = distances.rows(from, Math.min(items, from + Distances.BLOCK));
            for (int i = 0; i < rows.length; i++) {
                for (int j = 0; j < from + i; j++) {
                    pairs[next++] = rows[i][j];
                }
            }
        }
        Arrays.sort(pairs);
        return (pairs[(pairs.length - 1) / 2] + pairs[pairs.length / 2]) / 2;
    }

    /** Which items are x: in the true division, and in a random one for each permutation. */
    private static BitSet[] members(int n, int all, int permutations, RandomGenerator rng) {
        BitSet[] members = new BitSet[1 + permutations];
        for (int k = 0; k <= permutations; k++) {
            BitSet x = new BitSet(all);
            x.set(0, n);
            for (int i = all - 1; k > 0 && i > 0; i--) {
                int j = rng.nextInt(i + 1);
                boolean kept = x.get(i);
                x.set(i, x.get(j));
                x.set(j, kept);
            }
            members[k] = x;
        }
        return members;
    }

    /** A row an item, a column a division: 1 for x, 0 for y. */
    private static double[][] columns(BitSet[] members, int first, int next, int all) {
        double[][] columns = new double[all][next - first];
        for (int k = first; k < next; k++) {
            for (int i = members[k].nextSetBit(0); i >= 0; i = members[k].nextSetBit(i + 1)) {
                columns[i][k - first] = 1;
            }
        }
        return columns;
    }

    /** Of the kernels: all of them, and for each division those within x, and those with an x. */
    private static final class Sums {
        private final double[] withinX;
        private final double[] fromX;
        private double all;

        Sums(int divisions) {
            withinX = new double[divisions];
            fromX = new double[divisions];
        }

        /** An item's kernels, in the divisions from the first of a group on. */
        void add(int first, double[] member, double sum, double[] product) {
            for (int k = 0; k < member.length; k++) {
                fromX[first + k] += member[k] * sum;
                withinX[first + k] += member[k] * product[k];
            }
        }

        void add(Sums other) {
            all += other.all;
            for (int k = 0; k < withinX.length; k++) {
                withinX[k] += other.withinX[k];
                fromX[k] += other.fromX[k];
            }
        }

        double[] discrepancies(int n, int m) {
            double[] squared = new double[withinX.length];
            for (int k = 0; k < squared.length; k++) {
                double between = fromX[k] - withinX[k];
                double withinY = all - fromX[k] - between;
                squared[k] = withinX[k] / n / (n - 1) + withinY / m / (m - 1) - 2 * between / n / m;
            }
            return squared;
        }
    }
}
