package dev.palimpsest.runtime.data;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.random.RandomGenerator;

/**
 * Points of two interleaved half circles, 4 (p - 0.5) with p as scikit-learn's make_moons draws it: half of the points at (cos a, sin a), the others at
 * (1 - cos a, 0.5 - sin a), each with a equally spaced from 0 to pi, shuffled, plus noise on both coordinates; [count, 2].
 */
@Doc("points of two interleaved half circles in the plane")
public record TwoMoons(
        @Doc("standard deviation of the noise, before the points are scaled by 4") @Range(min = 0)
        double noise,

        @Doc("how many are drawn") @Range(min = 1) int count,

        @Doc("how many items to take at most; 0 for all") @Range(min = 0)
        int limit,

        @Doc("how many of them are kept from training, for evaluation") @Range(min = 0)
        int holdOut)
        implements DataSource {
    public TwoMoons {
        Ranges.check(TwoMoons.class, noise, count, limit, holdOut);
    }

    public TwoMoons() {
        this(0.1, 10000, 0, 1000);
    }

    @Override
    public Items open(Places places, RandomStreams streams) {
        RandomGenerator rng = streams.stream("data", 0);
        int outer = count / 2;
        float[] x = Drawn.room("two-moons", count, 2);
        int at = 0;
        for (int place : Split.permutation(count, rng)) {
            double a = place < outer ? angle(place, outer) : angle(place - outer, count - outer);
            double horizontal = place < outer ? Math.cos(a) : 1 - Math.cos(a);
            double vertical = place < outer ? Math.sin(a) : 0.5 - Math.sin(a);
            x[at++] = scaled(horizontal, rng);
            x[at++] = scaled(vertical, rng);
        }
        return new Items.Clean(new Drawn("two-moons", x, 2));
    }

    private static double angle(int place, int points) {
        return points == 1 ? 0 : Math.PI * place / (points - 1);
    }

    private float scaled(double coordinate, RandomGenerator rng) {
        return (float) (4 * (coordinate + noise * rng.nextGaussian() - 0.5));
    }
}
