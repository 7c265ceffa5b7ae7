package dev.palimpsest.runtime.evaluate;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The energy distance E|X-Y| - E|X-X'|/2 - E|Y-Y'|/2 of two samples whose items belong together in pairs (x_i, y_i), such as x_i = F(Phi(y_i)), and its
 * test by exchange within the pairs.
 *
 * <pre>
 * h_ij = |x_i - y_j| + |y_i - x_j| - |x_i - x_j| - |y_i - y_j|;   energy = mean of h_ij / 2 over i != j
 * </pre>
 *
 * Pairs are independent of each other, so the estimate is unbiased; what sampling does to both of a pair cancels, so it is far sharper than that of two
 * independent halves. Exchanging x_i and y_i changes the sign of row and column i. If the pairs are exchangeable the p-value is exact; if X and Y only
 * have one law it is so for many items, since the signs reproduce the variance of the difference of the two empirical laws.
 *
 * @param energy the estimate, which may be negative
 * @param noise the 95 % quantile of the energies after random exchanges: what is below cannot be told from 0; empty without permutations
 * @param pValue (1 + hits) / (1 + permutations), where a hit is an exchange that gives at least this energy; empty without permutations
 */
record PairedEnergy(double energy, OptionalDouble noise, OptionalDouble pValue) {
    private static final double QUANTILE = 0.95;

    /** How far energies that are equal, summed in another order, may lie apart, relative to the mean distance. */
    private static final double ROUNDING = 1e-12;

    /** Compares x [n, ...] and y [n, ...] pair by pair; empty for fewer than four pairs. */
    static Optional<PairedEnergy> of(INDArray x, INDArray y, int permutations, RandomGenerator rng) {
        Rows first = Rows.of(x);
        if (first.count() < 4) {
            return Optional.empty();
        }
        int most = Distances.most(first.dimension());
        return Optional.of(of(first.atMost(most), Rows.of(y).atMost(most), permutations, rng));
    }

    private static PairedEnergy of(Rows x, Rows y, int permutations, RandomGenerator rng) {
        int n = x.count();
        double[][] signs = signs(n, permutations, rng);
        INDArray columns = Nd4j.createFromArray(signs);
        Distances distances = new Distances(x, y);
        double[][] ofBlocks = new double[Blocks.count(n, Distances.BLOCK)][];
        double[] scales = new double[ofBlocks.length];
        Blocks.inParallel(n, Distances.BLOCK, (block, from, to) -> {
            double[][] ofX = distances.rows(from, to);
            double[][] ofY = distances.rows(n + from, n + to);
            double[][] h = new double[to - from][n];
            for (int i = 0; i < h.length; i++) {
                for (int j = 0; j < n; j++) {
                    h[i][j] = from + i == j ? 0 : ofX[i][n + j] + ofY[i][j] - ofX[i][j] - ofY[i][n + j];
                    scales[block] += ofX[i][n + j] + ofX[i][j];
                }
            }
            double[][] products = Rows.matrix(Nd4j.createFromArray(h).mmul(columns));
            ofBlocks[block] = new double[1 + permutations];
            for (int i = 0; i < h.length; i++) {
                for (int k = 0; k <= permutations; k++) {
                    ofBlocks[block][k] += signs[from + i][k] * products[i][k];
                }
            }
        });
        double[] energies = new double[1 + permutations];
        double scale = 0;
        for (int block = 0; block < ofBlocks.length; block++) {
            scale += scales[block];
            for (int k = 0; k < energies.length; k++) {
                energies[k] += ofBlocks[block][k];
            }
        }
        for (int k = 0; k < energies.length; k++) {
            energies[k] /= 2.0 * n * (n - 1);
        }
        return permutations == 0
                ? new PairedEnergy(energies[0], OptionalDouble.empty(), OptionalDouble.empty())
                : tested(energies, energies[0] - ROUNDING * scale / n / n);
    }

    private static PairedEnergy tested(double[] energies, double least) {
        double[] exchanged = Arrays.copyOfRange(energies, 1, energies.length);
        long hits = Arrays.stream(exchanged).filter(energy -> energy >= least).count();
        Arrays.sort(exchanged);
        return new PairedEnergy(
                energies[0],
                OptionalDouble.of(exchanged[(int) Math.ceil(QUANTILE * exchanged.length) - 1]),
                OptionalDouble.of((1.0 + hits) / energies.length));
    }

    /** A column of ones, and one of random signs for each permutation. */
    private static double[][] signs(int n, int permutations, RandomGenerator rng) {
        double[][] signs = new double[n][1 + permutations];
        for (double[] row : signs) {
            row[0] = 1;
            for (int k = 1; k <= permutations; k++) {
                row[k] = rng.nextBoolean() ? 1 : -1;
            }
        }
        return signs;
    }
}
