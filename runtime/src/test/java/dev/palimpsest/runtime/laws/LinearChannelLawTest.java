package dev.palimpsest.runtime.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.plugins.rungekutta.Midpoint;
import dev.palimpsest.plugins.rungekutta.Rk4;
import dev.palimpsest.plugins.schedules.Linear;
import dev.palimpsest.testkit.Gaussian;
import dev.palimpsest.testkit.LinearChannel;
import dev.palimpsest.testkit.ScalarChannel;
import dev.palimpsest.testkit.StationaryBlur;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

/** y = A x + N(0, R) with a normal prior. */
class LinearChannelLawTest {
    static Stream<InterpolantSchedule> schedules() {
        return Parts.schedules();
    }

    /** For a negative gain, V_t falls to noise^2 / 4 in between, and 64 steps resolve it: the error is below 1e-5 a round. */
    @ParameterizedTest
    @ValueSource(doubles = {.7, 1.5, -.8})
    void for_either_sign_of_the_gain_the_variance_follows_its_law_and_the_mean_its_factor(double gain) {
        ScalarChannel law = new ScalarChannel(gain, 1, 1, 1);
        LinearChannel channel = LinearChannel.scalar(gain, 1);
        OdeSolver solver = new Rk4(64, 1.5);
        Gaussian truth = Gaussian.scalar(1, 1);
        Gaussian current = channel.observed(truth);
        for (int k = 0; k <= 12; k++) {
            assertThat(current.covariance()[0][0]).as("round " + k).isCloseTo(law.variance(k), within(1e-4));
            assertThat(current.mean()[0])
                    .as("round " + k)
                    .isCloseTo(law.mean(k), within(1e-4 * (1 + Math.abs(law.mean(k)))));
            current = Parts.next(new Linear(), solver, channel, current, truth);
        }
    }

    /** With a = -.8, s = noise = 1: 1 + .8 / sqrt(1.64) = 1.6247. */
    @Test
    void for_a_negative_gain_the_mean_diverges_by_the_stated_factor_while_the_variance_converges() {
        LinearChannel channel = LinearChannel.scalar(-.8, 1);
        Gaussian truth = Gaussian.scalar(1, 1);
        Gaussian current = channel.observed(truth);
        double[] error = new double[21];
        for (int k = 0; k <= 20; k++) {
            error[k] = current.mean()[0] - 1;
            current = Parts.next(new Linear(), new Rk4(64, 1.5), channel, current, truth);
        }
        assertThat(current.covariance()[0][0]).isCloseTo(1, within(1e-3));
        assertThat(error[20] / error[19])
                .isCloseTo(1 + .8 / Math.sqrt(1.64), within(1e-3))
                .isCloseTo(new ScalarChannel(-.8, 1, 1, 1).meanFactor(), within(1e-3));
        assertThat(error[20]).isLessThan(-1000);
    }

    /**
     * I_t passes a point where only t noise is left of its standard deviation, here .0056; the exact slope is positive, as trajectories do not cross.
     */
    @Test
    void with_little_noise_and_a_negative_gain_a_coarse_solver_jumps_the_layer_and_inverts_the_sign() {
        LinearChannel channel = LinearChannel.scalar(-.8, .01);
        double slope = new ScalarChannel(-.8, 0, 1, .01).slope();
        Gaussian prior = Gaussian.scalar(0, 1);
        assertThat(slope).isPositive();
        assertThat(Parts.transport(new Linear(), new Midpoint(16, 1.5), channel, prior)
                        .slope())
                .isNegative();
        assertThat(Parts.transport(new Linear(), new Rk4(2048, 1.5), channel, prior)
                        .slope())
                .isCloseTo(slope, within(1e-3 * slope));
    }

    /** Nothing shrinks an error here, so that those of ten rounds, 1e-6 each, add up. */
    @Test
    void where_nothing_of_x_is_left_the_initial_law_stays_for_ever() {
        LinearChannel channel = LinearChannel.scalar(0, .7);
        Gaussian current = Gaussian.scalar(.4, 1.3);
        for (int k = 0; k < 10; k++) {
            current = Parts.next(new Linear(), Parts.ACCURATE, channel, current, Gaussian.scalar(2, 1));
            assertThat(current.covariance()[0][0]).isCloseTo(1.69, within(1e-4));
            assertThat(current.mean()[0]).isCloseTo(.4, within(1e-4));
        }
    }

    /** A is not symmetric, R is not isotropic, and nothing commutes. The oracle's own integrator is good to 1e-10. */
    @ParameterizedTest
    @MethodSource("schedules")
    void any_linear_gaussian_channel_goes_as_the_matrix_flow_and_arrives_at_the_truth(InterpolantSchedule schedule) {
        LinearChannel channel =
                new LinearChannel(new double[][] {{1, .4}, {-.3, .8}}, new double[][] {{.3, .1}, {.1, .2}});
        Gaussian truth = new Gaussian(new double[] {1, -1}, new double[][] {{1, .5}, {.5, 2}});
        Gaussian current = channel.observed(truth);
        Gaussian oracle = current;
        for (int k = 1; k <= 12; k++) {
            current = Parts.next(schedule, Parts.ACCURATE, channel, current, truth);
            oracle = channel.next(schedule, oracle, truth);
            assertThat(current.mean()).as("round " + k).containsExactly(oracle.mean(), within(2e-5));
            for (int i = 0; i < 2; i++) {
                assertThat(current.covariance()[i]).containsExactly(oracle.covariance()[i], within(2e-5));
            }
        }
        for (int i = 0; i < 2; i++) {
            assertThat(current.covariance()[i]).containsExactly(truth.covariance()[i], within(.01));
        }
    }

    @Test
    void a_blur_is_one_scalar_channel_a_frequency() {
        StationaryBlur blur = new StationaryBlur(new double[] {.5, .25}, new double[] {1, .5, .2, .05}, 8, .3);
        follow(blur, 10);
    }

    /** The mean of three neighbours, h = (1 + 2 cos)/3, is negative at the two highest of the frequencies 0 to 4 of eight points. */
    @Test
    void where_the_transfer_is_negative_the_mean_of_that_frequency_diverges() {
        StationaryBlur blur = new StationaryBlur(new double[] {1 / 3., 1 / 3.}, new double[] {1, .5, .2, .05}, 8, .5);
        assertThat(blur.frequency(4, 1).gain()).isCloseTo(-1 / 3., within(1e-12));
        assertThat(blur.frequency(4, 1).meanFactor()).isGreaterThan(1);
        follow(blur, 10);
    }

    private static void follow(StationaryBlur blur, int rounds) {
        double[] mean = new double[8];
        for (int f = 0; f <= 4; f++) {
            for (int i = 0; i < 8; i++) {
                mean[i] += blur.mode(f)[i];
            }
        }
        Gaussian truth = new Gaussian(mean, blur.covariance());
        Gaussian current = blur.channel().observed(truth);
        for (int k = 0; k <= rounds; k++) {
            for (int f = 0; f <= 4; f++) {
                ScalarChannel law = blur.frequency(f, 1);
                assertThat(form(blur.mode(f), current.covariance()))
                        .as("round " + k + ", frequency " + f)
                        .isCloseTo(law.variance(k), within(1e-4));
                assertThat(product(blur.mode(f), current.mean()))
                        .as("round " + k + ", frequency " + f)
                        .isCloseTo(law.mean(k), within(1e-4));
            }
            current = Parts.next(new Linear(), Parts.ACCURATE, blur.channel(), current, truth);
        }
    }

    private static double product(double[] a, double[] b) {
        return Nd4j.createFromArray(a).mul(Nd4j.createFromArray(b)).sumNumber().doubleValue();
    }

    private static double form(double[] mode, double[][] covariance) {
        double[] image = Nd4j.createFromArray(covariance)
                .mmul(Nd4j.createFromArray(mode).reshape(mode.length, 1))
                .data()
                .asDouble();
        return product(mode, image);
    }
}
