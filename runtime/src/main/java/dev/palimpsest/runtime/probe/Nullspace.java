package dev.palimpsest.runtime.probe;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The directions that never reach y: those in which E[J^T J] vanishes, with J by a finite difference along each coordinate.
 *
 * @param dimension how many; empty where chance alone could hide a coordinate from all draws
 * @param share of each mode's square that lies in them
 */
record Nullspace(OptionalInt dimension, double[] share) {
    /** Up to so many dimensions F is called once for each. */
    static final int MOST_DIMENSIONS = 1024;

    private static final int ITEMS = 32;

    /** Of the largest eigenvalue: float32 differences carry no smaller answer. */
    private static final double NOTHING = 1e-9;

    /** How many coordinates chance alone may hide. */
    private static final double BY_CHANCE = 0.01;

    /** @param silent the share of y's coordinates that answer to nothing in a draw */
    static Nullspace of(Answers answers, Modes modes, double silent) {
        int d = answers.dimensions();
        int items = Math.min(ITEMS, answers.items());
        double[] share = new double[d];
        if (d * Math.pow(silent, items) > BY_CHANCE && silent < 1) {
            return unknown(d);
        }
        Symmetric gram = Symmetric.of(gram(answers, d, items));
        double limit = NOTHING * Math.max(gram.values()[0], NOTHING);
        int dimension = 0;
        for (int at = d - 1; at >= 0 && gram.values()[at] <= limit; at--) {
            float[] direction = new float[d];
            for (int j = 0; j < d; j++) {
                direction[j] = (float) gram.vectors()[at][j];
            }
            double[] c = modes.coefficients(direction, 0);
            for (int k = 0; k < d; k++) {
                share[k] += c[k] * c[k];
            }
            dimension++;
        }
        return new Nullspace(OptionalInt.of(dimension), share);
    }

    /** Where there is nothing to be said. */
    static Nullspace unknown(int d) {
        return new Nullspace(OptionalInt.empty(), new double[d]);
    }

    /** Where there are too many directions to try: the bands that do not reach y as a whole. */
    static Nullspace of(List<Modes.Group> groups, List<Response> responses, boolean told, int d) {
        double[] energies = responses.stream()
                .mapToDouble(response -> told ? response.energy() : response.coherent())
                .toArray();
        double largest = Arrays.stream(energies).max().orElse(0);
        double[] share = new double[d];
        int dimension = 0;
        for (int g = 0; g < energies.length; g++) {
            if (energies[g] <= NOTHING * Math.max(largest, NOTHING)) {
                for (int mode : groups.get(g).modes()) {
                    share[mode] = 1;
                    dimension++;
                }
            }
        }
        return new Nullspace(dimension == 0 ? OptionalInt.empty() : OptionalInt.of(dimension), share);
    }

    private static INDArray gram(Answers answers, int d, int items) {
        float[] plain = answers.first(items, -1);
        float[][] columns = new float[d][];
        for (int j = 0; j < d; j++) {
            columns[j] = answers.first(items, j);
            for (int i = 0; i < plain.length; i++) {
                columns[j][i] = (float) (((double) columns[j][i] - plain[i]) / answers.shift());
            }
        }
        INDArray gram = Nd4j.zeros(DataType.DOUBLE, d, d);
        for (int item = 0; item < items; item++) {
            double[][] own = new double[d][d];
            for (int j = 0; j < d; j++) {
                for (int i = 0; i < d; i++) {
                    own[j][i] = columns[j][item * d + i];
                }
            }
            INDArray jacobian = Nd4j.createFromArray(own);
            gram.addi(jacobian.mmul(jacobian.transpose()).divi(items));
        }
        return gram;
    }
}
