package dev.palimpsest.runtime.probe;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.runtime.data.RandomStreams;
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
     * Calls F at clean items.
     *
     * @param x [n, ...]
     * @param directions whether each single direction is tried, which takes as many calls as an item has numbers
     */
    public static Spectrum ofClean(ForwardModel forward, INDArray x, boolean directions, RandomStreams streams) {
        return of(forward, Observations.of(x), true, directions, streams);
    }

    /** Calls F at observations, where no clean items are known; with their own conditioning. */
    public static Spectrum ofObserved(ForwardModel forward, Observations y, boolean directions, RandomStreams streams) {
        return of(forward, y, false, directions, streams);
    }

    private static Spectrum of(
            ForwardModel forward, Observations items, boolean clean, boolean single, RandomStreams streams) {
        INDArray x = items.y();
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
        Answers.Sums ofAll = answers.sums();
        List<Response> responses = groups.stream()
                .map(group -> answers.response(modes, group, ofAll))
                .toList();
        double bend = answers.bend();
        boolean affine = bend < Answers.STRAIGHT;
        double silent = answers.told() && affine ? answers.silent() : 0;
        double lost = silent < SMALLEST_LOSS ? 0 : silent;
        Nullspace nullspace = !affine || !single
                ? Nullspace.unknown(d)
                : d <= Nullspace.MOST_DIMENSIONS
                        ? Nullspace.of(answers, modes, silent)
                        : Nullspace.of(groups, responses, answers.told(), d);
        Bands bands = new Bands(
                answers.told(),
                lost,
                law(modes, items, clean, answers, lost),
                answers.noise(modes, lost > 0),
                nullspace.share(),
                answers.asymmetry(ofAll));
        return new Spectrum(
                IntStream.range(0, groups.size())
                        .mapToObj(g -> bands.of(groups.get(g), responses.get(g)))
                        .toList(),
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

    /** P's law: of clean items, of observations, or, where some of their values are fillers, of those that are none. */
    private static Law law(Modes modes, Observations items, boolean clean, Answers answers, double lost) {
        if (clean || lost == 0) {
            return Law.of(modes, items.y(), clean);
        }
        return items.conditioning()
                .filter(known -> modes.size() <= Nullspace.MOST_DIMENSIONS)
                .flatMap(answers::seen)
                .map(seen -> Law.ofSeen(modes, items, seen))
                .orElseGet(() -> Law.unknown(modes));
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
