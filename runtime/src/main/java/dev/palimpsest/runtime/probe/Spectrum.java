package dev.palimpsest.runtime.probe;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What F does to each band of frequencies and each direction across the channels, by calling it: at items, at the same items with the modes of a band
 * added in random signs, and at 0, with two draws of its randomness each.
 *
 * @param bands from the lowest frequency to the highest, for each direction
 * @param clean whether P is that of clean items; else it follows from the observations
 * @param told whether F gives conditioning, so that the drift knows the draw
 * @param stochastic whether two draws of F differ
 * @param reproducible whether the same draw is the same again
 * @param lost the share of y's coordinates that answer to nothing although the drift is told so: they are fillers; 0 where F is not affine
 * @param bend how far F is from a straight line: |F(x + v) + F(x - v) - 2 F(x)|^2 / |F(x + v) - F(x - v)|^2, 0 for an affine F
 * @param dimensions d
 * @param destroyed how many of the d directions do not reach y, to the precision of float32; empty where F is not affine, so that a larger step may well be
 *     answered, where there are too many to count, or too few draws to tell them from what chance alone hides
 */
public record Spectrum(
        List<Band> bands,
        boolean clean,
        boolean told,
        boolean stochastic,
        boolean reproducible,
        double lost,
        double bend,
        int dimensions,
        OptionalInt destroyed) {
    private static final int VALUES = 1 << 19;
    private static final int FEWEST_ITEMS = 32;
    private static final int MOST_ITEMS = 2048;

    /** Up to so many vector coordinates are told apart; more are taken as a row of pixels. */
    private static final int MOST_COORDINATES = 64;

    private static final int MOST_SEPARATE = 8;

    /** Directions whose strength differs by less than this part are not told apart. */
    private static final double ALIKE = 0.1;

    /** A smaller share of silent coordinates is no loss. */
    private static final double SMALLEST_LOSS = 0.01;

    /**
     * Calls F.
     *
     * @param x items to call it at: clean ones where they are known, else observations
     * @param clean whether they are clean
     */
    public static Spectrum of(ForwardModel forward, INDArray x, boolean clean, RandomStreams streams) {
        long[] shape = x.shape().clone();
        boolean image = shape.length == 4;
        int d = Math.toIntExact(x.length() / shape[0]);
        int channels = image ? (int) shape[1] : d <= MOST_COORDINATES ? d : 1;
        int height = image ? (int) shape[2] : 1;
        int width = image ? (int) shape[3] : d / channels;

        int used = (int) Math.min(shape[0], Math.max(FEWEST_ITEMS, Math.min(MOST_ITEMS, VALUES / d)));
        Answers answers = new Answers(forward, x, used, streams);
        boolean stochastic = !Arrays.equals(answers.base(0), answers.base(1));
        boolean reproducible = Arrays.equals(answers.base(0), answers.baseAgain());

        Directions directions = Directions.of(answers.gram(channels), !image && channels <= MOST_SEPARATE, image);
        Modes modes = new Modes(channels, height, width, directions.rows());
        List<Modes.Group> groups = modes.groups(directions.apart(), directions.names());
        List<Response> responses =
                groups.stream().map(group -> answers.response(modes, group)).toList();
        double bend = answers.bend();
        boolean affine = bend < Answers.STRAIGHT;
        double silent = answers.told() && affine ? answers.silent() : 0;
        double lost = silent < SMALLEST_LOSS ? 0 : silent;
        Law law = Law.of(modes, x);
        double[] noise = answers.noise(modes, lost > 0);
        Nullspace nullspace = !affine
                ? Nullspace.unknown(d)
                : d <= Nullspace.MOST_DIMENSIONS
                        ? Nullspace.of(answers, modes, silent)
                        : Nullspace.of(groups, responses, answers.told(), d);
        List<Band> bands = new ArrayList<>();
        for (int g = 0; g < groups.size(); g++) {
            bands.add(Bands.of(
                    groups.get(g), responses.get(g), answers.told(), lost, law, clean, noise, nullspace.share()));
        }
        return new Spectrum(
                List.copyOf(bands),
                clean,
                answers.told(),
                stochastic,
                reproducible,
                lost,
                bend,
                d,
                nullspace.dimension());
    }

    /** Whether F is a straight line, to the eye. */
    public boolean affine() {
        return bend < Answers.STRAIGHT;
    }

    /** Mean and variance of each mode's coefficient over items. */
    record Law(double[] mean, double[] variance, int items) {
        static Law of(Modes modes, INDArray x) {
            float[] values = x.dup('c').data().asFloat();
            int n = (int) x.size(0);
            double[] mean = new double[modes.size()];
            double[] variance = new double[modes.size()];
            for (int item = 0; item < n; item++) {
                double[] c = modes.coefficients(values, item);
                for (int k = 0; k < c.length; k++) {
                    double before = c[k] - mean[k];
                    mean[k] += before / (item + 1);
                    variance[k] += before * (c[k] - mean[k]);
                }
            }
            for (int k = 0; k < variance.length; k++) {
                variance[k] /= Math.max(1, n - 1);
            }
            return new Law(mean, variance, n);
        }
    }

    /** Orthonormal directions across the channels, in which F acts. */
    private record Directions(double[][] rows, boolean apart, List<String> names) {
        /** @param always whether the channels are looked at one by one even where F treats them alike */
        static Directions of(double[][] gram, boolean always, boolean image) {
            int n = gram.length;
            double largest =
                    IntStream.range(0, n).mapToDouble(i -> gram[i][i]).max().orElse(0);
            double smallest =
                    IntStream.range(0, n).mapToDouble(i -> gram[i][i]).min().orElse(0);
            boolean diagonal = IntStream.range(0, n * n)
                    .filter(i -> i / n != i % n)
                    .allMatch(i -> Math.abs(gram[i / n][i % n]) <= ALIKE / 2 * largest);
            if (diagonal) {
                boolean apart = n > 1 && (always || largest - smallest > ALIKE * largest);
                return new Directions(
                        identity(n),
                        apart,
                        IntStream.rangeClosed(1, n)
                                .mapToObj(i -> (image ? "channel " : "coordinate ") + i)
                                .toList());
            }
            double[][] rows = Symmetric.of(gram).vectors();
            return new Directions(
                    rows,
                    true,
                    IntStream.range(0, n).mapToObj(i -> inWords(i, rows[i])).toList());
        }

        private static double[][] identity(int n) {
            double[][] rows = new double[n][n];
            for (int i = 0; i < n; i++) {
                rows[i][i] = 1;
            }
            return rows;
        }

        private static String inWords(int number, double[] direction) {
            if (direction.length > 4) {
                return "direction " + (number + 1);
            }
            StringBuilder words = new StringBuilder("(");
            for (double part : direction) {
                words.append(words.length() > 1 ? ", " : "").append(String.format(Locale.ROOT, "%+.2f", part));
            }
            return words.append(')').toString();
        }
    }
}
