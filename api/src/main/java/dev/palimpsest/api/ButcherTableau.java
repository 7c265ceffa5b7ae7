package dev.palimpsest.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An explicit Runge-Kutta method: k_i = f(t + c_i h, x + h sum_j a_ij k_j), x + h sum_i b_i k_i, with an estimate h sum_i (b_i - e_i) k_i of the
 * error of one step where the method has embedded weights e (Hairer, Nørsett, Wanner, "Solving Ordinary Differential Equations I", II.1 and II.4).
 *
 * @param a one row a stage; row i has i entries
 * @param b the weights
 * @param c the nodes
 * @param embedded the weights of the embedded method, if there is one
 */
public record ButcherTableau(double[][] a, double[] b, double[] c, Optional<double[]> embedded) {
    private static final double TOLERANCE = 1e-12;

    /** Throws IllegalArgumentException, naming the row, unless the method is explicit, a's rows sum to c, and b and the embedded weights sum to 1. */
    public ButcherTableau {
        a = Arrays.stream(a).map(double[]::clone).toArray(double[][]::new);
        b = b.clone();
        c = c.clone();
        embedded = embedded.map(double[]::clone);
        if (a.length == 0 || b.length != a.length || c.length != a.length) {
            throw new IllegalArgumentException("a tableau of " + a.length
                    + " stages needs as many nodes and weights, got " + c.length + " and " + b.length);
        }
        for (int i = 0; i < a.length; i++) {
            if (a[i].length != i) {
                throw new IllegalArgumentException(
                        "row " + (i + 1) + " of an explicit method has " + i + " coefficients, got " + a[i].length);
            }
            requireSum(a[i], c[i], "row " + (i + 1) + " must sum to its node");
        }
        requireSum(b, 1, "the weights must sum to");
        if (embedded.isPresent()) {
            double[] error = embedded.get();
            if (error.length != a.length) {
                throw new IllegalArgumentException(
                        "a tableau of " + a.length + " stages needs as many embedded weights, got " + error.length);
            }
            requireSum(error, 1, "the embedded weights must sum to");
        }
    }

    /**
     * Reads the picture in the textbook: a line a stage, "node | coefficients", then "| weights", then, for an embedded method, "| embedded weights".
     * Numbers are decimals or fractions such as -56/15.
     *
     * @throws IllegalArgumentException if a line cannot be read or an invariant does not hold, naming the row
     */
    public static ButcherTableau parse(String picture) {
        List<double[]> a = new ArrayList<>();
        List<Double> c = new ArrayList<>();
        List<double[]> weights = new ArrayList<>();
        List<String> lines = picture.lines().filter(line -> !line.isBlank()).toList();
        for (int row = 1; row <= lines.size(); row++) {
            String line = lines.get(row - 1);
            int bar = line.indexOf('|');
            if (bar < 0) {
                throw new IllegalArgumentException("row " + row + " has no '|': \"" + line.strip() + "\"");
            }
            String node = line.substring(0, bar).strip();
            double[] coefficients = numbers(line.substring(bar + 1), row);
            if (node.isEmpty()) {
                weights.add(coefficients);
            } else if (weights.isEmpty()) {
                c.add(number(node, row));
                a.add(coefficients);
            } else {
                throw new IllegalArgumentException(
                        "row " + row + " has a node below the weights: \"" + line.strip() + "\"");
            }
        }
        if (weights.isEmpty() || weights.size() > 2) {
            throw new IllegalArgumentException(
                    "a tableau ends with one row of weights, and perhaps one of embedded weights, got "
                            + weights.size());
        }
        return new ButcherTableau(
                a.toArray(double[][]::new),
                weights.get(0),
                c.stream().mapToDouble(Double::doubleValue).toArray(),
                weights.size() == 2 ? Optional.of(weights.get(1)) : Optional.empty());
    }

    public int stages() {
        return b.length;
    }

    /**
     * The order of the method, from the order conditions sum_i b_i Phi_i(tree) = 1 / gamma(tree) of all rooted trees (Butcher); orders above 6 are
     * reported as 6.
     */
    public int order() {
        int order = 0;
        while (order < 6 && RootedTree.ofSize(order + 1).stream().allMatch(this::satisfies)) {
            order++;
        }
        return order;
    }

    private boolean satisfies(RootedTree tree) {
        double[] phi = elementaryWeights(tree);
        double sum = 0;
        for (int i = 0; i < b.length; i++) {
            sum += b[i] * phi[i];
        }
        return Math.abs(sum - 1 / tree.density()) < 1e-10;
    }

    /** Phi_i(tree) = product over the subtrees of sum_j a_ij Phi_j(subtree). */
    private double[] elementaryWeights(RootedTree tree) {
        double[] phi = new double[b.length];
        Arrays.fill(phi, 1);
        for (RootedTree subtree : tree.subtrees()) {
            double[] inner = elementaryWeights(subtree);
            for (int i = 0; i < phi.length; i++) {
                double sum = 0;
                for (int j = 0; j < i; j++) {
                    sum += a[i][j] * inner[j];
                }
                phi[i] *= sum;
            }
        }
        return phi;
    }

    private static void requireSum(double[] row, double expected, String rule) {
        double sum = Arrays.stream(row).sum();
        if (!(Math.abs(sum - expected)
                < TOLERANCE
                        * Math.max(1, row.length)
                        * Math.max(1, Arrays.stream(row).map(Math::abs).max().orElse(1)))) {
            throw new IllegalArgumentException(rule + " " + expected + ", got " + sum);
        }
    }

    private static double[] numbers(String text, int row) {
        return text.isBlank()
                ? new double[0]
                : Arrays.stream(text.strip().split("\\s+"))
                        .mapToDouble(word -> number(word, row))
                        .toArray();
    }

    private static double number(String word, int row) {
        try {
            int slash = word.indexOf('/');
            double value = slash < 0
                    ? Double.parseDouble(word)
                    : Double.parseDouble(word.substring(0, slash)) / Double.parseDouble(word.substring(slash + 1));
            if (!Double.isFinite(value)) {
                throw new NumberFormatException("not finite");
            }
            return value;
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(
                    "row " + row + ": \"" + word + "\" is not a number or a fraction", notANumber);
        }
    }
}
