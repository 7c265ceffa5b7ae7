package dev.palimpsest.runtime.probe;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.OptionalDouble;

/**
 * What calls of F alone tell of it: F is called at observations and, with the same draws, at observations of which a random half of the coordinates is
 * shifted by half of their standard deviation, up and down.
 *
 * @param channel F as it acts on one coordinate, on average
 * @param coordinatewise whether a coordinate of y answers to its own coordinate of x alone; only then is the channel all of F
 * @param affine whether F is a straight line; where it clips, rounds or counts, gains are averages, and nothing follows from them for the clean items
 * @param deviation s, the standard deviation of a coordinate of the clean items, a root mean over coordinates, as it follows from that of the
 *     observations; empty where F is not coordinatewise or not affine, or nothing passes through
 * @param offset the root mean square of the clean items' mean, in units of s; empty where s is
 * @param dimensions d, how many coordinates an item has
 * @param error the standard error of {@code deviation}, relative to it
 * @param destroyed (0 where F is not affine) how many of the d directions never reach y; counted for up to 64 dimensions among all directions, above that among the coordinates,
 *     unless chance alone could hide one of them from all calls
 * @param fixedInData whether all observations carry the same conditioning
 * @param fixedInCalls whether all draws of F do
 */
public record Probe(
        ScalarChannel channel,
        boolean coordinatewise,
        boolean affine,
        OptionalDouble deviation,
        OptionalDouble offset,
        double error,
        int dimensions,
        int destroyed,
        boolean fixedInData,
        boolean fixedInCalls) {
    /** Up to so many dimensions all directions are probed, above it only the coordinates. */
    public static final int MOST_DIRECTIONS = 64;

    /** No more observations are ever used. */
    public static final int MOST_ITEMS = 4096;

    private static final int DRAWS = 8;
    private static final int VALUES = 1 << 17;
    private static final int FEWEST_ITEMS = 16;

    /** How much of the gain a coordinate may answer to the others, and still count as acted on by itself. */
    private static final double CROSSTALK = 0.05;

    /** How many observations to probe with. */
    public static int items(int dimensions) {
        return Math.max(FEWEST_ITEMS, Math.min(MOST_ITEMS, VALUES / dimensions));
    }

    /**
     * Calls F 30 times at all of the observations, and in up to 64 dimensions once more for each.
     *
     * @param y observations [n, ...], about {@link #items} of them, with their own conditioning
     */
    public static Probe of(ForwardModel forward, Observations y, RandomStreams streams) {
        Calls calls = new Calls(forward, y, streams);
        boolean told = y.conditioning().isPresent();
        Responses responses = new Responses(calls, told);
        Draw before = calls.draw(0);
        responses.add(before);
        boolean fixed = before.hasConditioning(before);
        for (int k = 1; k < DRAWS; k++) {
            Draw draw = calls.draw(k);
            responses.add(draw, before);
            fixed &= draw.hasConditioning(before);
            before = draw;
        }
        ScalarChannel channel = responses.channel();
        boolean coordinatewise = responses.crosstalk(channel) < CROSSTALK;
        Moments clean = Moments.of(calls, channel, responses);
        boolean affine = new Answers(forward, y.y(), (int) y.y().size(0), streams).bend() < Answers.STRAIGHT;
        boolean known = coordinatewise && affine && clean.variance() > 0;
        return new Probe(
                channel,
                coordinatewise,
                affine,
                known ? OptionalDouble.of(Math.sqrt(clean.variance())) : OptionalDouble.empty(),
                known ? OptionalDouble.of(Math.sqrt(clean.squaredMean() / clean.variance())) : OptionalDouble.empty(),
                known ? clean.error() / clean.variance() / 2 : 0,
                calls.dimensions(),
                destroyed(affine, calls, responses, channel),
                told && calls.sameConditioning(),
                told && fixed);
    }

    private static int destroyed(boolean affine, Calls calls, Responses responses, ScalarChannel channel) {
        if (!affine) {
            return 0;
        }
        return calls.dimensions() <= MOST_DIRECTIONS ? calls.destroyedDirections() : responses.destroyed(channel);
    }

    /** Mean square and variance of the clean items' coordinates, a mean over coordinates, from the moments of y, and the variance's standard error. */
    private record Moments(double squaredMean, double variance, double error) {
        static Moments of(Calls calls, ScalarChannel channel, Responses responses) {
            double p = channel.lost();
            double a = channel.gain();
            if (a == 0 || p == 1) {
                return new Moments(0, 0, 0);
            }
            int d = calls.dimensions();
            double squaredMean = 0;
            double variance = 0;
            double filler = channel.filler() * channel.filler() + responses.fillerMean() * responses.fillerMean();
            for (int j = 0; j < d; j++) {
                double mean = (calls.mean(j) - p * responses.fillerMean()) / (1 - p);
                double square = (calls.meanSquare(j) - p * filler) / (1 - p);
                double m = (mean - responses.offset()) / a;
                double byChance = calls.variance(j) / calls.items() / ((1 - p) * (1 - p) * a * a);
                squaredMean += (m * m - byChance) / d;
                variance += (square - mean * mean - channel.noise() * channel.noise()) / (a * a) / d;
            }
            return new Moments(Math.max(0, squaredMean), variance, calls.varianceError() / ((1 - p) * a * a));
        }
    }
}
