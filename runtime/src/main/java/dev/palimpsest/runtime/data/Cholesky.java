package dev.palimpsest.runtime.data;

import java.util.List;

/** The lower triangular L with L L' = S, for symmetric positive semidefinite S. */
final class Cholesky {
    private Cholesky() {}

    /** @throws IllegalArgumentException if S is not symmetric or not positive semidefinite, naming the entry */
    static double[][] factor(List<List<Double>> s) {
        int d = s.size();
        double largest = 0;
        for (int i = 0; i < d; i++) {
            largest = Math.max(largest, s.get(i).get(i));
            for (int j = 0; j < i; j++) {
                if (!s.get(i).get(j).equals(s.get(j).get(i))) {
                    throw new IllegalArgumentException(
                            "covariance must be symmetric, got " + s.get(i).get(j) + " in row " + (i + 1) + " column "
                                    + (j + 1) + " and " + s.get(j).get(i) + " across");
                }
            }
        }
        // A pivot of a singular S comes out as rounding, at most d units of the largest entry; its column, bounded by
        // Cauchy-Schwarz, as its root.
        double rounding = d * Math.ulp(1.0) * largest;
        double[][] l = new double[d][d];
        for (int j = 0; j < d; j++) {
            double pivot = residual(s, l, j, j);
            if (pivot < -rounding) {
                throw notPositive(j);
            }
            l[j][j] = pivot <= rounding ? 0 : Math.sqrt(pivot);
            for (int i = j + 1; i < d; i++) {
                double rest = residual(s, l, i, j);
                if (l[j][j] == 0 && Math.abs(rest) > Math.sqrt(2 * rounding * largest)) {
                    throw notPositive(j);
                }
                l[i][j] = l[j][j] == 0 ? 0 : rest / l[j][j];
            }
        }
        return l;
    }

    private static double residual(List<List<Double>> s, double[][] l, int i, int j) {
        double rest = s.get(i).get(j);
        for (int k = 0; k < j; k++) {
            rest -= l[i][k] * l[j][k];
        }
        return rest;
    }

    private static IllegalArgumentException notPositive(int j) {
        return new IllegalArgumentException("covariance must be positive semidefinite, but its first " + (j + 1)
                + " rows and columns, or what they imply for the others, are not");
    }
}
