package dev.palimpsest.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.InterpolantSchedule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishedNumbersTest {
    /** alpha = 1 - t, beta = t, gamma = latent t (1 - t), written here so that the oracles are tested without any plugin. */
    private record Line(double latent) implements InterpolantSchedule {
        Line() {
            this(0);
        }

        @Override
        public double alpha(double t) {
            return 1 - t;
        }

        @Override
        public double alphaDot(double t) {
            return -1;
        }

        @Override
        public double beta(double t) {
            return t;
        }

        @Override
        public double betaDot(double t) {
            return 1;
        }

        @Override
        public double gamma(double t) {
            return latent * t * (1 - t);
        }

        @Override
        public double gammaDot(double t) {
            return latent * (1 - 2 * t);
        }
    }

    @ParameterizedTest
    @CsvSource({".5, .2318, .2090", "1, .7854, .7110", "2, 2.2143, 2.0188"})
    void the_loss_at_the_truth_is_not_zero(double sigma, double published, double publishedWithMixIn) {
        ScalarChannel channel = new ScalarChannel(1, 0, 1, sigma);
        assertThat(channel.loss()).isCloseTo(published, within(6e-5));
        GaussianPair simulated = GaussianPair.through(LinearChannel.scalar(1, sigma), Gaussian.scalar(0, 1));
        GaussianPair real = GaussianPair.mapped(0, channel.slope(), 0, channel.observedVariance());
        assertThat(new PairMixture(new Line(), simulated).loss()).isCloseTo(channel.loss(), within(1e-9));
        assertThat(new PairMixture(new Line(), List.of(.9, .1), List.of(simulated, real)).loss())
                .isCloseTo(publishedWithMixIn, within(6e-5));
    }

    /** The integral of Var(I') - Cov(I', I)^2 / Var(I) by the midpoint rule with 20,000 steps, whose error is below 1e-8. */
    @Test
    void with_a_latent_noise_the_loss_is_the_integral_of_the_conditional_variance() {
        double g = 2;
        double sum = 0;
        for (int i = 0; i < 20_000; i++) {
            double t = (i + .5) / 20_000;
            double gammaDot = g * (1 - 2 * t);
            double gamma = g * t * (1 - t);
            double covariance = t + gamma * gammaDot;
            sum += (1 + gammaDot * gammaDot - covariance * covariance / (1 + t * t + gamma * gamma)) / 20_000;
        }
        GaussianPair truth = GaussianPair.through(LinearChannel.scalar(1, 1), Gaussian.scalar(0, 1));
        assertThat(new PairMixture(new Line(g), truth).loss()).isCloseTo(sum, within(1e-7));
    }

    @Test
    void the_loss_at_its_least_grows_with_the_spread_and_so_falls_through_the_truth_toward_collapse() {
        double before = 0;
        for (double s = .1; s < 3; s += .1) {
            double loss = new ScalarChannel(1, 0, s, 1).loss();
            assertThat(loss).as("s = " + s).isGreaterThan(before);
            before = loss;
        }
    }

    @Test
    void the_mixture_is_recovered_much_more_slowly_than_its_observations() {
        ScalarLaw truth = ScalarLaw.mixture(new double[] {.5, .5}, new double[] {-2, 2}, new double[] {.5, .5});
        double observed = Math.sqrt(.25 + 4);
        ScalarLaw mu =
                ScalarLaw.mixture(new double[] {.5, .5}, new double[] {-2, 2}, new double[] {observed, observed});
        ScalarLaw current = mu;
        double[] toObservations = new double[201];
        double[] toTruth = new double[201];
        for (int k = 1; k <= 200; k++) {
            current = current.next(mu, 1, 2, 1);
            if (k == 1 || k == 10 || k == 50 || k == 200) {
                toObservations[k] = current.observed(1, 2).wasserstein(mu);
                toTruth[k] = current.wasserstein(truth);
            }
        }
        assertThat(new double[] {toObservations[1], toObservations[10], toObservations[50], toObservations[200]})
                .containsExactly(new double[] {.2715, .0494, .0106, .0013}, within(6e-5));
        assertThat(new double[] {toTruth[1], toTruth[10], toTruth[50], toTruth[200]})
                .containsExactly(new double[] {.834, .449, .256, .210}, within(6e-4));
    }
}
