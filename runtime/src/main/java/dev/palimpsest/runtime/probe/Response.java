package dev.palimpsest.runtime.probe;

/**
 * How F answers to the modes of a band, added in two patterns of random signs, a and b, with two draws of F each.
 *
 * @param gains of each mode in each item and draw: its own coefficient in the answer, a mean of the two patterns, [draw][item][mode]
 * @param energy the mean of |answer|^2 / |what was added|^2
 * @param coherent the same of the mean answer: the product of the answers of two draws
 * @param inPlace the part of the energy that comes back in the mode that was added: the product of what the two patterns say of it
 * @param asymmetry (a J b - b J a)^2 / (2 (a J b)^2 + 2 (b J a)^2): 0 for a symmetric J, 1 for one that turns its sign when it is transposed
 */
record Response(double[][][] gains, double energy, double coherent, double inPlace, double asymmetry) {
    /** A band of which less than this part reaches y hardly changes, wherever it comes back. */
    private static final double FAINT = 0.01;

    /** Whether the modes of the band come back in themselves, or hardly at all. */
    boolean scalar() {
        return coherent < FAINT || inPlace >= Bands.IN_PLACE * coherent;
    }

    /** Those of one mode, [draw and item]. */
    double[] gains(int mode) {
        int items = gains[0].length;
        double[] own = new double[gains.length * items];
        for (int i = 0; i < own.length; i++) {
            own[i] = gains[i / items][i % items][mode];
        }
        return own;
    }
}
