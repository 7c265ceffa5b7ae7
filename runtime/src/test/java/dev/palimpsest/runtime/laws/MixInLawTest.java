package dev.palimpsest.runtime.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.plugins.schedules.Linear;
import dev.palimpsest.testkit.Gaussian;
import dev.palimpsest.testkit.GaussianPair;
import dev.palimpsest.testkit.LinearChannel;
import dev.palimpsest.testkit.PairMixture;
import dev.palimpsest.testkit.ScalarChannel;
import dev.palimpsest.testkit.ScalarLaw;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A share 1 - mix of the pairs has the real y. */
class MixInLawTest {
    private static final double SIGMA = 1.5;
    private static final double[] Y = {-4, -2, -1, -.2, .5, 1.5, 3};

    static Stream<InterpolantSchedule> schedules() {
        return Parts.schedules();
    }

    /** The exact drift of N(0, v): a share of its pairs is (x, F(x)), the others are (Phi(y), y). */
    private static PairMixture exact(InterpolantSchedule schedule, double v, double mix) {
        double w = 1 + SIGMA * SIGMA;
        return new PairMixture(
                schedule,
                List.of(mix, 1 - mix),
                List.of(
                        GaussianPair.through(LinearChannel.scalar(1, SIGMA), Gaussian.scalar(0, Math.sqrt(v))),
                        GaussianPair.mapped(0, Math.sqrt(v / w), 0, w)));
    }

    /** RK4 at 24 steps leaves less than 1e-4 at four standard deviations. */
    @ParameterizedTest
    @MethodSource("schedules")
    void it_leaves_the_fixed_point_where_it_is(InterpolantSchedule schedule) {
        double slope = new ScalarChannel(1, 0, 1, SIGMA).slope();
        for (double mix : new double[] {.9, .3}) {
            double[] phi = Parts.transported(exact(schedule, 1, mix), Parts.ACCURATE, Y);
            for (int i = 0; i < Y.length; i++) {
                assertThat(phi[i]).as("mix " + mix + ", y " + Y[i]).isCloseTo(slope * Y[i], within(1e-4));
            }
        }
    }

    /** A variance 1 % off, so that what is of second order in it is 1 % of the change at most. */
    @ParameterizedTest
    @ValueSource(doubles = {1, .9, .3})
    void a_small_error_of_the_variance_shrinks_by_one_minus_mix_times_one_minus_rho(double mix) {
        double v = 1.01;
        ScalarChannel law = new ScalarChannel(1, 0, 1, SIGMA);
        ScalarLaw mu =
                ScalarLaw.mixture(new double[] {1}, new double[] {0}, new double[] {Math.sqrt(law.observedVariance())});
        ScalarLaw current = ScalarLaw.mixture(new double[] {1}, new double[] {0}, new double[] {Math.sqrt(v)});
        ScalarLaw next = current.next(mu, 1, SIGMA, mix);
        assertThat((next.variance() - 1) / (v - 1)).isCloseTo(law.rate(mix), within(.01));
        double[] scores = {-3, -2, -1, -.1, .5, 1, 2, 3};
        double[] y = mu.quantiles(scores);
        double[] phi = Parts.transported(exact(new Linear(), v, mix), Parts.ACCURATE, y);
        assertThat(phi).containsExactly(next.quantiles(scores), within(1e-4));
    }
}
