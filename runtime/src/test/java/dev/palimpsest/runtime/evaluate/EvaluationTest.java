package dev.palimpsest.runtime.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palimpsest.api.Samples;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class EvaluationTest {
    private static final RandomStreams STREAMS = new RandomStreams(5);

    private static List<Metric> all() {
        return ServiceLoader.load(Metric.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    private static List<Score> scores(INDArray y, INDArray restored, Optional<INDArray> clean) {
        return Evaluation.scores(
                new EvaluationSettings(all(), 0),
                new HeldOut(y, Optional.empty(), restored, restored, y, clean),
                STREAMS);
    }

    private static INDArray gaussian(long... shape) {
        return Samples.gaussian(STREAMS.stream("items", shape[0]), shape);
    }

    @Test
    void all_metrics_are_found_as_services() {
        assertThat(all())
                .containsExactlyInAnyOrder(
                        new Psnr(),
                        new PooledPsnr(),
                        new Ssim(),
                        new SlicedWasserstein(),
                        new EnergyDistance(),
                        new ObservationEnergy(),
                        new ObservationSlicedWasserstein(),
                        new PairedSlicedWasserstein(),
                        new Moments(),
                        new Frechet(),
                        new Mmd(),
                        new PowerSpectrum(),
                        new ObservationPowerSpectrum());
    }

    @Test
    void images_with_clean_ones_have_all_scores() {
        INDArray images = gaussian(8, 1, 12, 12);
        assertThat(scores(images, images.mul(.5), Optional.of(images.mul(.7))))
                .extracting(Score::name)
                .containsExactlyInAnyOrder(
                        "psnr",
                        "pooled-psnr",
                        "ssim",
                        "sliced-wasserstein",
                        "paired-sliced-wasserstein",
                        "energy-distance",
                        "observation-energy",
                        "observation-sliced-wasserstein",
                        "mmd",
                        "power-spectrum",
                        "observation-power-spectrum",
                        "mean",
                        "deviation",
                        "slope");
    }

    @Test
    void without_clean_items_the_scores_that_need_them_are_left_out() {
        INDArray images = gaussian(8, 1, 12, 12);
        List<Score> scores = scores(images, images.mul(.5), Optional.empty());
        assertThat(scores)
                .extracting(Score::name)
                .containsExactlyInAnyOrder(
                        "observation-energy",
                        "observation-sliced-wasserstein",
                        "observation-power-spectrum",
                        "mean",
                        "deviation",
                        "slope");
        assertThat(scores.stream().filter(score -> score.name().equals("mean")))
                .allMatch(score -> score.floor().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void however_few_items_there_are_every_score_is_a_number(int n) {
        for (INDArray items : List.of(gaussian(n, 1), gaussian(n, 3), gaussian(n, 1, 1, 1), Nd4j.zeros(n, 2))) {
            assertThat(scores(items, items.mul(.5), Optional.of(items.mul(.7))))
                    .isNotEmpty()
                    .allMatch(score -> Double.isFinite(score.value()))
                    .allMatch(score -> score.identity().isEmpty()
                            || Double.isFinite(score.identity().getAsDouble()));
        }
    }

    @Test
    void what_is_not_a_number_is_left_out() {
        INDArray items = gaussian(6, 2);
        INDArray broken = items.dup();
        broken.putScalar(0, 0, Double.NaN);
        assertThat(scores(items, broken, Optional.of(items))).isEmpty();
        assertThat(scores(broken, items, Optional.of(items)))
                .isNotEmpty()
                .allMatch(score ->
                        Double.isFinite(score.value()) && score.identity().isEmpty());
    }

    /** Every metric, the residual's too, sees the means as it sees Phi(y); the anchors stay, and a test is that of Phi(y) alone. */
    @Test
    void posterior_means_have_the_scores_that_they_would_have_as_restorations() {
        INDArray y = gaussian(8, 1, 12, 12);
        INDArray restored = gaussian(9, 1, 12, 12).get(NDArrayIndex.interval(0, 8));
        INDArray again = restored.add(.1);
        INDArray mean = restored.mul(.5);
        Optional<INDArray> clean = Optional.of(y.mul(.7));
        EvaluationSettings settings = new EvaluationSettings(all(), 0);
        List<Score> asRestored =
                Evaluation.scores(settings, new HeldOut(y, Optional.empty(), mean, mean.sub(.2), y, clean), STREAMS);
        List<Score> alone =
                Evaluation.scores(settings, new HeldOut(y, Optional.empty(), restored, again, y, clean), STREAMS);
        List<Score> both = Evaluation.scores(
                settings,
                new HeldOut(
                        y, Optional.empty(), restored, again, y, clean, Optional.of(mean), Optional.of(mean.sub(.2))),
                STREAMS);
        assertThat(both).hasSameSizeAs(alone).hasSizeGreaterThan(12);
        for (int i = 0; i < both.size(); i++) {
            assertThat(both.get(i).mean()).hasValue(asRestored.get(i).value());
            assertThat(both.get(i).value()).isEqualTo(alone.get(i).value());
            assertThat(both.get(i).identity()).isEqualTo(alone.get(i).identity());
            assertThat(both.get(i).pValue()).isEqualTo(alone.get(i).pValue());
            assertThat(alone.get(i).mean()).isEmpty();
        }
    }

    @Test
    void a_mean_whose_score_is_no_number_has_none() {
        INDArray y = gaussian(6, 2);
        INDArray broken = y.dup();
        broken.putScalar(0, 0, Double.NaN);
        assertThat(Evaluation.scores(
                        new EvaluationSettings(all(), 0),
                        new HeldOut(
                                y, Optional.empty(), y, y, y, Optional.of(y), Optional.of(broken), Optional.of(broken)),
                        STREAMS))
                .hasSizeGreaterThan(8)
                .allMatch(score -> score.mean().isEmpty());
    }

    @Test
    void means_come_with_what_the_corruption_makes_of_them() {
        INDArray y = gaussian(4, 2);
        assertThatThrownBy(() ->
                        new HeldOut(y, Optional.empty(), y, y, y, Optional.empty(), Optional.of(y), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected mean and recorruptedMean, or neither, got one of them");
    }

    @Test
    void without_items_there_are_no_scores() {
        INDArray none = Nd4j.create(0, 2);
        assertThat(scores(none, none, Optional.empty())).isEmpty();
    }

    @Test
    void a_score_does_not_depend_on_what_else_is_measured() {
        INDArray y = gaussian(40, 2);
        HeldOut heldOut = new HeldOut(y, Optional.empty(), y, gaussian(40, 2).mul(1.2), y, Optional.empty());
        Metric energy = new ObservationEnergy();
        List<Score> alone = Evaluation.scores(new EvaluationSettings(List.of(energy), 0), heldOut, STREAMS);
        List<Score> second =
                Evaluation.scores(new EvaluationSettings(List.of(new Moments(), energy), 0), heldOut, STREAMS);
        assertThat(second).containsAll(alone);
        assertThat(Evaluation.scores(new EvaluationSettings(List.of(energy), 0), heldOut, STREAMS))
                .isEqualTo(alone);
    }

    @Test
    void arrays_of_different_shapes_are_refused() {
        INDArray y = gaussian(4, 2);
        assertThatThrownBy(() -> new HeldOut(y, Optional.empty(), gaussian(3, 2), y, y, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("restored must have the shape [4, 2] of y, got [3, 2]");
    }
}
