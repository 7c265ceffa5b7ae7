package dev.palimpsest.runtime.probe;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * F's answers to the modes of the items' space, group by group: a channel for each.
 *
 * @param groups in the order of the bands
 * @param responses to each group
 * @param asymmetry of J as a whole
 * @param bend how far F is from a straight line
 * @param silent the share of y's coordinates that answer to nothing although the drift is told so; 0 where F is not affine
 */
record Channels(
        Answers answers,
        Modes modes,
        List<Modes.Group> groups,
        List<Response> responses,
        double asymmetry,
        double bend,
        double silent) {
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

    /** How many items of so many numbers are looked at, at most. */
    static int items(int dimensions) {
        return Math.max(FEWEST_ITEMS, Math.min(MOST_ITEMS, VALUES / dimensions));
    }

    /** Calls F at items. */
    static Channels of(ForwardModel forward, INDArray x, RandomStreams streams) {
        long[] shape = x.shape().clone();
        boolean image = shape.length == 4;
        int d = Math.toIntExact(x.length() / shape[0]);
        int channels = image ? (int) shape[1] : d <= MOST_COORDINATES ? d : 1;
        int height = image ? (int) shape[2] : 1;
        int width = image ? (int) shape[3] : d / channels;

        Answers answers = new Answers(forward, x, (int) Math.min(shape[0], items(d)), streams);
        Directions directions = Directions.of(answers.gram(channels), !image && channels <= MOST_SEPARATE, image);
        Modes modes = new Modes(channels, height, width, directions.rows());
        List<Modes.Group> groups = modes.groups(directions.apart(), directions.names());
        Answers.Sums ofAll = answers.sums();
        List<Response> responses = groups.stream()
                .map(group -> answers.response(modes, group, ofAll))
                .toList();
        double bend = answers.bend();
        double silent = answers.told() && bend < Answers.STRAIGHT ? answers.silent() : 0;
        return new Channels(answers, modes, groups, responses, answers.asymmetry(ofAll), bend, silent);
    }

    boolean affine() {
        return bend < Answers.STRAIGHT;
    }

    /** The share of y's coordinates that are fillers. */
    double lost() {
        return silent < SMALLEST_LOSS ? 0 : silent;
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
