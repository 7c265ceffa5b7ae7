package dev.palimpsest.runtime.probe;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.Arrays;
import java.util.List;
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
        Channels channels = Channels.of(forward, x, streams);
        Answers answers = channels.answers();
        Modes modes = channels.modes();
        List<Modes.Group> groups = channels.groups();
        List<Response> responses = channels.responses();
        int d = modes.size();
        double silent = channels.silent();
        double lost = channels.lost();
        Nullspace nullspace = !channels.affine() || !single
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
                channels.asymmetry());
        return new Spectrum(
                IntStream.range(0, groups.size())
                        .mapToObj(g -> bands.of(groups.get(g), responses.get(g)))
                        .toList(),
                clean,
                answers.told(),
                !Arrays.equals(answers.base(0), answers.base(1)),
                Arrays.equals(answers.base(0), answers.baseAgain()),
                lost,
                channels.bend(),
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
}
