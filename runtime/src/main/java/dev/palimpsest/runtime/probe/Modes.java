package dev.palimpsest.runtime.probe;

import dev.palimpsest.runtime.transport.Cosines;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * An orthonormal basis of the items' space: directions across the channels times {@link Cosines} C over height and width.
 *
 * <pre>
 * c[u, k, l] = sum over channels m, rows i, columns j of R[u][m] C_H[k][i] C_W[l][j] x[m, i, j]
 * </pre>
 *
 * Vectors of d coordinates are images of d channels and one pixel, or, where d is large, of one channel and one row.
 */
final class Modes {
    private static final int BANDS = 8;
    private static final double HIGHEST = 0.5;

    private final int channels;
    private final int height;
    private final int width;
    private final double[][] directions;
    private final Cosines cosines;

    /**
     * Modes that are looked at together.
     *
     * @param frequencies in words
     * @param frequency cycles a pixel, at the middle of the band
     * @param direction across the channels, in words; empty where all channels are taken together
     * @param modes their numbers
     */
    record Group(String frequencies, double frequency, String direction, int[] modes) {
        String name() {
            return Modes.name(direction, frequencies);
        }
    }

    static String name(String direction, String frequencies) {
        if (direction.isEmpty()) {
            return frequencies.isEmpty() ? "all" : frequencies;
        }
        return frequencies.isEmpty() ? direction : direction + ", " + frequencies;
    }

    /** @param directions orthonormal rows */
    Modes(int channels, int height, int width, double[][] directions) {
        this.channels = channels;
        this.height = height;
        this.width = width;
        this.directions = directions;
        cosines = new Cosines(height, width);
    }

    int size() {
        return channels * height * width;
    }

    /** The coefficients of one item. */
    double[] coefficients(float[] items, int item) {
        double[] coefficients = new double[size()];
        int plane = height * width;
        for (int u = 0; u < channels; u++) {
            float[] mixed = new float[plane];
            for (int m = 0; m < channels; m++) {
                for (int p = 0; p < plane; p++) {
                    mixed[p] += (float) (directions[u][m] * items[item * size() + m * plane + p]);
                }
            }
            cosines.forward(mixed);
            for (int p = 0; p < plane; p++) {
                coefficients[u * plane + p] = mixed[p];
            }
        }
        return coefficients;
    }

    /** Adds a sum of modes to one item. */
    void add(double[] coefficients, float[] items, int item) {
        int plane = height * width;
        for (int u = 0; u < channels; u++) {
            float[] sum = new float[plane];
            for (int p = 0; p < plane; p++) {
                sum[p] = (float) coefficients[u * plane + p];
            }
            cosines.back(sum);
            for (int m = 0; m < channels; m++) {
                for (int p = 0; p < plane; p++) {
                    items[item * size() + m * plane + p] += (float) (directions[u][m] * sum[p]);
                }
            }
        }
    }

    /**
     * The bands of frequency, of each direction across the channels or of all together.
     *
     * @param apart whether the directions are looked at one by one
     * @param names of the directions
     */
    List<Group> groups(boolean apart, List<String> names) {
        List<Group> groups = new ArrayList<>();
        int bands = Math.min(BANDS, Math.max(1, Math.max(height, width) / 2));
        int sets = apart ? channels : 1;
        for (int set = 0; set < sets; set++) {
            int from = apart ? set : 0;
            int to = apart ? set + 1 : channels;
            for (int band = -1; band <= bands; band++) {
                int[] modes = modes(from, to, band, HIGHEST / bands);
                if (modes.length > 0) {
                    double low = Math.max(0, band) * HIGHEST / bands;
                    groups.add(new Group(
                            words(band, bands),
                            band < 0 ? 0 : low + HIGHEST / bands / 2,
                            apart ? names.get(set) : "",
                            modes));
                }
            }
        }
        return groups;
    }

    private String words(int band, int bands) {
        if (height == 1 && width == 1) {
            return "";
        }
        if (band < 0) {
            return "mean";
        }
        double step = HIGHEST / bands;
        return band == bands
                ? String.format(Locale.ROOT, "over %.2f", HIGHEST)
                : String.format(Locale.ROOT, "%.2f to %.2f", band * step, (band + 1) * step);
    }

    private int[] modes(int from, int to, int band, double step) {
        return IntStream.range(from * height * width, to * height * width)
                .filter(mode -> band(mode, step) == band)
                .toArray();
    }

    /** Means over the modes of about one frequency and one direction across the channels, at each of them. */
    double[] overRings(double[] values) {
        double[] sums = new double[channels * rings()];
        IntStream.range(0, size()).forEach(mode -> sums[ring(mode)] += values[mode]);
        int[] sizes = ringSizes();
        return IntStream.range(0, size())
                .mapToDouble(mode -> sums[ring(mode)] / sizes[mode])
                .toArray();
    }

    /** How many modes are of the frequency and the direction of each. */
    int[] ringSizes() {
        int[] sizes = new int[channels * rings()];
        IntStream.range(0, size()).forEach(mode -> sizes[ring(mode)]++);
        return IntStream.range(0, size()).map(mode -> sizes[ring(mode)]).toArray();
    }

    /** Rings are as wide as the lowest frequency. */
    private int ring(int mode) {
        return mode / (height * width) * rings() + (int) Math.round(frequency(mode) * rings());
    }

    private int rings() {
        return 2 * Math.max(height, width);
    }

    /** In cycles a pixel. */
    double frequency(int mode) {
        return cosines.frequency(mode);
    }

    private int band(int mode, double step) {
        double frequency = frequency(mode);
        return frequency == 0 ? -1 : (int) Math.min(Math.round(HIGHEST / step), Math.floor(frequency / step));
    }
}
