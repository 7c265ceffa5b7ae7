package dev.palimpsest.runtime.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.Observations;
import dev.palimpsest.plugins.rungekutta.Midpoint;
import dev.palimpsest.plugins.schedules.Linear;
import dev.palimpsest.testkit.ExactVelocity;
import dev.palimpsest.testkit.Gaussian;
import dev.palimpsest.testkit.GaussianPair;
import dev.palimpsest.testkit.LinearChannel;
import dev.palimpsest.testkit.MaskedPair;
import dev.palimpsest.testkit.PairMixture;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

/** Fresh random masks, known, with an N(0, 1) filler: nonparametric EM. */
class MaskLawTest {
    private static final double REACH = 6;
    private static final double STEP = .4;

    static Stream<InterpolantSchedule> schedules() {
        return Parts.schedules();
    }

    /** Points of the plane with weights: the trapezoidal rule for x ~ a normal law and a filler, exact to 1e-6 for what is as smooth as here. */
    private record Plane(List<double[]> y, List<double[]> masks, List<Double> weights) {
        Plane() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        /** y where x has unit variances and this correlation. */
        void add(double[] mask, double probability, double[] mean, double correlation) {
            double c = mask[0] == 1 && mask[1] == 1 ? correlation : 0;
            for (double u = -REACH; u <= REACH + STEP / 2; u += STEP) {
                for (double v = -REACH; v <= REACH + STEP / 2; v += STEP) {
                    y.add(new double[] {mask[0] * mean[0] + u, mask[1] * mean[1] + c * u + Math.sqrt(1 - c * c) * v});
                    masks.add(mask);
                    weights.add(probability * STEP * STEP / (2 * Math.PI) * Math.exp(-(u * u + v * v) / 2));
                }
            }
        }

        /** E f(Phi(y)) with Phi conditioned on each one's mask. */
        double[] means(ExactVelocity b, List<ToDoubleFunction<double[]>> functions) {
            double[][] x = Parts.transported(
                    b,
                    new Midpoint(16, 1.5),
                    Observations.of(
                            Nd4j.createFromArray(y.toArray(new double[0][])),
                            Nd4j.createFromArray(masks.toArray(new double[0][]))));
            return functions.stream()
                    .mapToDouble(f -> {
                        double sum = 0;
                        for (int i = 0; i < x.length; i++) {
                            sum += weights.get(i) * f.applyAsDouble(x[i]);
                        }
                        return sum;
                    })
                    .toArray();
        }
    }

    private static final List<ToDoubleFunction<double[]>> MOMENTS =
            List.of(x -> x[0], x -> x[0] * x[0], x -> x[1] * x[1], x -> x[0] * x[1], x -> x[0] * x[0] * x[1] * x[1]);

    private static Plane observed(MaskedPair law) {
        Plane plane = new Plane();
        for (double[] mask : MaskedPair.masks()) {
            plane.add(mask, law.probabilityOf(mask), new double[2], law.correlation());
        }
        return plane;
    }

    /** Midpoint 16 leaves 1e-3 of the fourth moment. */
    @ParameterizedTest
    @ValueSource(doubles = {.25, .5, .75})
    void from_the_identity_the_correlation_of_round_k_is_c_times_one_minus_the_share_of_the_unseen_to_the_k_plus_one(
            double p) {
        MaskedPair law = new MaskedPair(.8, p);
        Plane y = observed(law);
        assertThat(y.means((t, mask) -> x -> new double[2], MOMENTS)[3])
                .as("round 0: Phi is the identity")
                .isCloseTo(law.correlation(0), within(1e-5));
        for (int k = 0; k < 10; k++) {
            double[] moments = y.means(law.drift(new Linear(), k), MOMENTS);
            double seenTogether = (1 - p) * (1 - p);
            assertThat(moments[3])
                    .as("round " + (k + 1))
                    .isCloseTo(.8 * (1 - Math.pow(1 - seenTogether, k + 2)), within(1e-3))
                    .isCloseTo(law.correlation(k + 1), within(1e-3));
            assertThat(moments[1]).isCloseTo(1, within(2e-3));
            assertThat(moments[2]).isCloseTo(1, within(2e-3));
            assertThat(moments[4]).isCloseTo(law.fourthMoment(k + 1), within(5e-3));
        }
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void the_rounds_do_not_depend_on_the_schedule(InterpolantSchedule schedule) {
        MaskedPair law = new MaskedPair(.8, .5);
        double[] moments = observed(law).means(law.drift(schedule, 2), MOMENTS);
        assertThat(moments[3]).isCloseTo(law.correlation(3), within(2e-3));
        assertThat(moments[4]).isCloseTo(law.fourthMoment(3), within(1e-2));
    }

    @Test
    void one_fixed_mask_leaves_the_correlation_at_zero_for_ever() {
        Plane y = new Plane();
        y.add(new double[] {1, 0}, 1, new double[2], .8);
        double correlation = 0;
        for (int k = 0; k < 10; k++) {
            double current = correlation;
            correlation = y.means(
                            (t, mask) -> new PairMixture(
                                            new Linear(),
                                            GaussianPair.through(
                                                    LinearChannel.masked(mask, 0), Gaussian.correlated(current)))
                                    .at(t, mask),
                            MOMENTS)[3];
            assertThat(correlation).as("round " + (k + 1)).isCloseTo(0, within(1e-6));
        }
    }

    /** Two clusters of unit-variance pairs at (1.5, 1.5) and (-1.5, -1.5), of correlation .5 within each. Midpoint 16 leaves 1e-3 of the moments. */
    @Test
    void any_prior_is_a_fixed_point_here_a_mixture_of_two_clusters() {
        double[][] centres = {{1.5, 1.5}, {-1.5, -1.5}};
        Plane y = new Plane();
        for (double[] mask : MaskedPair.masks()) {
            for (double[] centre : centres) {
                y.add(mask, new MaskedPair(.5, .5).probabilityOf(mask) / 2, centre, .5);
            }
        }
        ExactVelocity exact = (t, mask) -> new PairMixture(
                        new Linear(),
                        List.of(.5, .5),
                        Stream.of(centres)
                                .map(centre -> GaussianPair.through(
                                        LinearChannel.masked(mask, 0),
                                        new Gaussian(
                                                centre, Gaussian.correlated(.5).covariance())))
                                .toList())
                .at(t, mask);
        double[] moments = y.means(exact, MOMENTS);
        assertThat(moments[0]).isCloseTo(0, within(1e-6));
        assertThat(moments[1]).isCloseTo(1 + 2.25, within(2e-3));
        assertThat(moments[2]).isCloseTo(1 + 2.25, within(2e-3));
        assertThat(moments[3]).isCloseTo(.5 + 2.25, within(2e-3));
    }
}
