package dev.palimpsest.runtime.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Parts items into two halves that resemble each other: by repeated halving at the median of the coordinate that varies most, until near neighbours are
 * left, of which the first comes into the first half. Halves by chance differ in how many items of each kind they have, and that swamps a
 * distance between them: of two thousand draws from two peaks, a peak gets about thirty more or fewer.
 */
final class Twins {
    private final float[] values;
    private final int dimension;
    private final int[] order;
    private final int[] first;
    private final int[] second;
    private int firsts;
    private int seconds;

    private Twins(INDArray items) {
        values = items.dup('c').data().asFloat();
        int n = (int) items.size(0);
        dimension = values.length / n;
        order = IntStream.range(0, n).toArray();
        first = new int[n / 2];
        second = new int[n - n / 2];
        part(0, n);
        Arrays.sort(first);
        Arrays.sort(second);
    }

    /** The rows of the first half and of the second, each in ascending order; the second has one more where their number is odd. */
    static int[][] of(INDArray items) {
        Twins twins = new Twins(items);
        return new int[][] {twins.first, twins.second};
    }

    private void part(int from, int to) {
        if (to - from <= 3) {
            Arrays.sort(order, from, to);
            for (int i = from; i < to; i++) {
                if (i == from && to - from > 1) {
                    first[firsts++] = order[i];
                } else {
                    second[seconds++] = order[i];
                }
            }
            return;
        }
        int axis = widest(from, to);
        Integer[] sorted = new Integer[to - from];
        Arrays.setAll(sorted, i -> order[from + i]);
        Arrays.sort(sorted, (a, b) -> {
            int byValue = Float.compare(values[a * dimension + axis], values[b * dimension + axis]);
            return byValue != 0 ? byValue : Integer.compare(a, b);
        });
        for (int i = 0; i < sorted.length; i++) {
            order[from + i] = sorted[i];
        }
        int middle = from + (to - from) / 4 * 2;
        part(from, middle);
        part(middle, to);
    }

    private int widest(int from, int to) {
        double[] sums = new double[dimension];
        double[] squares = new double[dimension];
        for (int i = from; i < to; i++) {
            for (int k = 0; k < dimension; k++) {
                double value = values[order[i] * dimension + k];
                sums[k] += value;
                squares[k] += value * value;
            }
        }
        int widest = 0;
        double most = -1;
        for (int k = 0; k < dimension; k++) {
            double variance = squares[k] - sums[k] * sums[k] / (to - from);
            if (variance > most) {
                most = variance;
                widest = k;
            }
        }
        return widest;
    }
}
