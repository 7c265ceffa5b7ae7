package dev.palimpsest.runtime.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.LossGradient;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import dev.palimpsest.plugins.masking.RandomMask;
import dev.palimpsest.plugins.rungekutta.Rk4;
import dev.palimpsest.plugins.schedules.BrownianBridge;
import dev.palimpsest.plugins.schedules.Latent;
import dev.palimpsest.plugins.schedules.Linear;
import dev.palimpsest.plugins.schedules.Trigonometric;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.testkit.ExactVelocity;
import dev.palimpsest.testkit.Gaussian;
import dev.palimpsest.testkit.GaussianPair;
import dev.palimpsest.testkit.LinearChannel;
import dev.palimpsest.testkit.PairMixture;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Drifts that begin from a forward model's guess. */
class GuessedDriftTest {
    private static final RandomStreams STREAMS = new RandomStreams(3);
    private static final DriftSignature IMAGES = new DriftSignature(new long[] {1, 6, 6}, 1, 0);
    private static final ForwardModel MASK = new RandomMask(.5, .001);

    static Stream<InterpolantSchedule> schedules() {
        return Stream.of(new Linear(), new Trigonometric(), new Latent(2), new BrownianBridge(1, 1e-3));
    }

    /** A network that gives back what it was last regressed on; 0 before. */
    private static final class Echo implements DriftNetwork {
        private Optional<INDArray> target = Optional.empty();
        private Optional<INDArray> known = Optional.empty();

        @Override
        public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
            known = conditioning.map(INDArray::dup);
            return target.map(INDArray::dup).orElseGet(x::ulike);
        }

        @Override
        public LossGradient squaredError(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
            this.target = Optional.of(target.dup());
            return new LossGradient(0, Nd4j.zeros(1));
        }

        @Override
        public INDArray parameters() {
            return Nd4j.zeros(1);
        }
    }

    private static DriftNetwork drift(Echo echo, InterpolantSchedule schedule, double error, boolean hold) {
        DriftArchitecture architecture = (signature, seed) -> {
            assertThat(signature.conditioningMaps()).isEqualTo(2);
            return echo;
        };
        return new Guess.Filled(error, hold).from(architecture, MASK, schedule).build(IMAGES, 0);
    }

    private static INDArray images(int item) {
        return Samples.gaussian(STREAMS.stream("images", item), 4, 1, 6, 6);
    }

    private static INDArray mask() {
        return MASK.apply(images(1), STREAMS.stream("mask", 0)).conditioning().orElseThrow();
    }

    /** A network that has learned its target gives the velocity that the drift was regressed on, whatever e: so the minimiser is the conditional mean. */
    @ParameterizedTest
    @MethodSource("schedules")
    void what_the_network_is_regressed_on_gives_the_velocity_that_the_drift_is_regressed_on(
            InterpolantSchedule schedule) {
        INDArray t = Nd4j.createFromArray(.05f, .3f, .7f, .95f);
        for (double error : new double[] {.01, .3, 5}) {
            DriftNetwork drift = drift(new Echo(), schedule, error, false);
            drift.squaredError(t, images(0), Optional.of(mask()), images(2));
            INDArray b = drift.velocity(t, images(0), Optional.of(mask()));
            assertThat(b.data().asFloat()).containsExactly(images(2).data().asFloat(), within(2e-4f));
        }
    }

    /** A mode alone, an image of one pixel: the exact drift of its Gaussian, which is the method's own closed form. */
    @ParameterizedTest
    @MethodSource("straightAndRound")
    void from_a_wiener_filter_a_network_that_is_zero_gives_the_exact_drift_of_a_gaussian(InterpolantSchedule schedule) {
        Guess wiener = new Guess.Wiener(new Spectra(new float[] {.6f}, new float[] {.25f}, new float[] {2}));
        DriftNetwork drift = wiener.from((signature, seed) -> new Echo(), MASK, schedule)
                .build(new DriftSignature(new long[] {1, 1, 1}, 0, 0), 0);
        ExactVelocity exact = new PairMixture(
                schedule, GaussianPair.through(LinearChannel.scalar(.6, .5), Gaussian.scalar(0, Math.sqrt(2))));
        for (double t : new double[] {.01, .2, .5, .9, 1}) {
            INDArray b = drift.velocity(
                    Nd4j.createFromArray((float) t),
                    Nd4j.valueArrayOf(new long[] {1, 1, 1, 1}, 1.5f),
                    Optional.empty());
            assertThat(b.getDouble(0))
                    .as("t = " + t)
                    .isCloseTo(exact.at(t, new double[0]).apply(new double[] {1.5})[0], within(1e-4));
        }
    }

    /** What a Wiener filter leaves of a Gaussian field has the stated error at all times: the mean square over 8 x 64 values has a standard error of .06. */
    @Test
    void the_rest_of_a_wiener_filter_has_one_size_at_all_times() {
        int size = 8;
        float[] clean = new float[size * size];
        float[] modes = Samples.gaussian(STREAMS.stream("field", 0), 8 * size * size)
                .data()
                .asFloat();
        for (int i = 0; i < modes.length; i++) {
            int k = i % (size * size);
            clean[k] = 2f / (1 + k / size + k % size);
            modes[i] *= (float) Math.sqrt(clean[k]);
        }
        new Cosines(size, size).back(modes);
        INDArray x = Nd4j.createFromArray(modes).reshape('c', 8, 1, size, size);
        INDArray noise =
                Samples.gaussian(STREAMS.stream("field noise", 0), x.shape()).muli(.2);
        float[] ones = new float[size * size];
        float[] variances = new float[size * size];
        Arrays.fill(ones, 1);
        Arrays.fill(variances, .04f);
        Guess wiener = new Guess.Wiener(new Spectra(ones, variances, clean));
        Echo echo = new Echo();
        DriftNetwork drift = wiener.from((signature, seed) -> echo, MASK, new Linear())
                .build(new DriftSignature(new long[] {1, size, size}, 0, 0), 0);
        for (double t : new double[] {.02, .3, 1}) {
            drift.squaredError(Nd4j.valueArrayOf(8, (float) t), noise.mul(t).addi(x), Optional.empty(), noise.dup());
            double square = echo.target.orElseThrow().norm2Number().doubleValue();
            assertThat(square * square / x.length()).as("t = " + t).isCloseTo(1, within(.3));
        }
    }

    static Stream<InterpolantSchedule> straightAndRound() {
        return Stream.of(new Linear(), new Trigonometric());
    }

    /** Near t = 0 the target has the size of y~ - x, as elsewhere, though x differs from its guess by a part e of that: it is t (x - g) / (e r) - e d / r, r^2 = t^2 + e^2. */
    @Test
    void on_the_straight_line_the_network_predicts_what_the_guess_lacks_in_its_own_error() {
        double e = .2;
        double t = .6;
        INDArray x = images(0);
        INDArray y = images(2);
        INDArray point = x.mul(1 - t).addi(y.mul(t));
        Echo echo = new Echo();
        drift(echo, new Linear(), e, false)
                .squaredError(Nd4j.valueArrayOf(4, (float) t), point, Optional.of(mask()), y.sub(x));
        INDArray guess = MASK.guess(point, Optional.of(mask())).orElseThrow();
        double r = Math.hypot(t, e);
        INDArray expected = x.sub(guess).muli(t / (e * r)).subi(y.sub(x).muli(e / r));
        assertThat(echo.target.orElseThrow().data().asFloat())
                .containsExactly(expected.data().asFloat(), within(1e-4f));
    }

    /** dI/dt = t / (t^2 + e^2) (I - g) has the solution I - g = C sqrt(t^2 + e^2): what was filler ends at e / sqrt(1 + e^2) of it beside the guess. */
    @Test
    void a_network_that_is_zero_carries_lost_values_to_the_guess_with_the_spread_of_its_error() {
        double e = .3;
        Observations y = Observations.of(images(0), mask());
        INDArray restored = new TransportMap(drift(new Echo(), new Linear(), e, true), new Rk4(32, 1.5)).apply(y);
        INDArray guess = MASK.guess(y.y(), y.conditioning()).orElseThrow();
        INDArray expected = guess.add(y.y().sub(guess).muli(e / Math.hypot(1, e)));
        assertThat(restored.data().asFloat()).containsExactly(expected.data().asFloat(), within(1e-4f));
        INDArray mean = new PosteriorMean(drift(new Echo(), new Linear(), e, true), new Linear(), 1).apply(y);
        INDArray weighed = guess.add(y.y().sub(guess).muli(e * e / (1 + e * e)));
        assertThat(mean.data().asFloat()).containsExactly(weighed.data().asFloat(), within(1e-4f));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void values_that_were_seen_arrive_as_they_started_if_they_are_held(InterpolantSchedule schedule) {
        Echo echo = new Echo();
        echo.target = Optional.of(images(2));
        Observations y = Observations.of(images(0), mask());
        INDArray held = new TransportMap(drift(echo, schedule, .3, true), new Rk4(64, 1.5)).apply(y);
        INDArray moved = new TransportMap(drift(echo, schedule, .3, false), new Rk4(64, 1.5)).apply(y);
        float[] seen = mask().data().asFloat();
        float[] values = y.y().data().asFloat();
        int count = 0;
        for (int i = 0; i < seen.length; i++) {
            if (seen[i] == 1) {
                count++;
                assertThat(held.data().getFloat(i)).isCloseTo(values[i], within(1e-4f));
                assertThat(moved.data().getFloat(i)).isNotCloseTo(values[i], within(1e-4f));
            }
        }
        assertThat(count).isBetween(40, 104);
    }

    /** What is told beside the mask is nothing that state and mask do not tell: other values at lost pixels of y, and the same state, are told the same. */
    @Test
    void the_network_is_told_a_function_of_state_and_conditioning_alone() {
        Echo echo = new Echo();
        DriftNetwork drift = drift(echo, new Linear(), .3, true);
        INDArray t = Nd4j.valueArrayOf(4, .5f);
        drift.velocity(t, images(0), Optional.of(mask()));
        INDArray told = echo.known.orElseThrow();
        drift.velocity(t, images(0), Optional.of(mask()));
        assertThat(echo.known.orElseThrow()).isEqualTo(told);
        assertThat(told.size(1)).isEqualTo(2);
    }

    /** A plane under a random mask is guessed well; noise is not. */
    @Test
    void the_error_of_a_guess_is_measured_beside_what_F_changes() {
        INDArray plane = Nd4j.zeros(8, 1, 16, 16);
        for (int i = 0; i < 16; i++) {
            for (int j = 0; j < 16; j++) {
                plane.get(
                                org.nd4j.linalg.indexing.NDArrayIndex.all(),
                                org.nd4j.linalg.indexing.NDArrayIndex.point(0),
                                org.nd4j.linalg.indexing.NDArrayIndex.point(i),
                                org.nd4j.linalg.indexing.NDArrayIndex.point(j))
                        .assign((i + j) / 32. - .5);
            }
        }
        INDArray noise = Samples.gaussian(STREAMS.stream("noise", 0), 8, 1, 16, 16);
        assertThat(error(plane)).isLessThan(.02);
        assertThat(error(noise)).isBetween(.5, 1.5);
    }

    private static double error(INDArray x) {
        Observations y = MASK.apply(x, STREAMS.stream("observed", 0));
        return Guess.measured(MASK, y, true, STREAMS.stream("guess", 0)).error();
    }
}
