package dev.palimpsest.runtime.report;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sizes as colours, from black over red to pale yellow: five colours of matplotlib's map "inferno" (CC0), whose lightness rises evenly, and what lies between them.
 *
 * @param most the size from which on all is pale yellow
 */
record Heat(double most) {
    /** The share of sizes that are told apart; the others are the largest. */
    private static final double TOLD = .99;

    /** How far images can lie apart, which are shown from -1 to 1. */
    private static final double FARTHEST = 2;

    private static final int[][] COLOURS = {{0, 0, 4}, {87, 16, 110}, {188, 55, 84}, {249, 142, 9}, {252, 255, 164}};
    private static final List<Double> ROUND = List.of(1., 2., 5., 10.);

    /** The heat that tells sizes apart, up to a round number, at most 2. */
    static Heat of(List<float[]> sizes) {
        double[] sorted = sizes.stream()
                .flatMapToDouble(values -> IntStream.range(0, values.length).mapToDouble(i -> values[i]))
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        double large = sorted.length == 0 ? 0 : sorted[(int) Math.ceil(TOLD * sorted.length) - 1];
        if (large <= 0 || large > FARTHEST) {
            return new Heat(large <= 0 ? 1 : FARTHEST);
        }
        double power = Math.pow(10, Math.floor(Math.log10(large)));
        return new Heat(ROUND.stream()
                .map(digit -> digit * power)
                .filter(round -> (float) round.doubleValue() >= (float) large)
                .findFirst()
                .orElse(10 * power));
    }

    /** The colour of a size, opaque; what is no number is as large as can be. */
    int colour(double size) {
        double share = Double.isNaN(size) ? 1 : Math.max(0, Math.min(1, size / most));
        double place = share * (COLOURS.length - 1);
        int below = Math.min((int) place, COLOURS.length - 2);
        int[] mixed = new int[3];
        Arrays.setAll(mixed, i ->
                (int) Math.round(COLOURS[below][i] + (place - below) * (COLOURS[below + 1][i] - COLOURS[below][i])));
        return 0xff000000 | mixed[0] << 16 | mixed[1] << 8 | mixed[2];
    }
}
