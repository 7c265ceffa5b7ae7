package dev.palimpsest.runtime.simple;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import dev.palimpsest.plugins.masking.RandomMask;
import dev.palimpsest.runtime.data.DeadLeaves;
import dev.palimpsest.runtime.data.Items;
import dev.palimpsest.runtime.data.Places;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.data.Table;
import dev.palimpsest.runtime.evaluate.EvaluationSettings;
import dev.palimpsest.runtime.evaluate.HeldOut;
import dev.palimpsest.runtime.evaluate.Metric;
import dev.palimpsest.runtime.evaluate.Moments;
import dev.palimpsest.runtime.evaluate.PooledPsnr;
import dev.palimpsest.runtime.evaluate.Psnr;
import dev.palimpsest.runtime.evaluate.Ssim;
import dev.palimpsest.runtime.probe.Probe;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Dead leaves of 32 x 32 pixels: what is restored is y, and the mean is the clean items. */
class SimpleScoresTest {
    private static final RandomStreams STREAMS = new RandomStreams(31);
    private static final int ITEMS = 220;
    private static final INDArray LEAVES = leaves();

    private static INDArray leaves() {
        DeadLeaves source = new DeadLeaves(List.of(32, 32), 1, List.of(2., 32.), 1, ITEMS, 0, 0);
        Table table = ((Items.Clean) source.open(new Places(Path.of(""), Path.of(""), Path.of("")), STREAMS)).x();
        float[] values = new float[ITEMS * 32 * 32];
        table.read(IntStream.range(0, ITEMS).toArray(), values);
        return Nd4j.createFromArray(values).reshape('c', ITEMS, 1, 32, 32);
    }

    private static ForwardModel noise(double sigma) {
        return (x, rng) ->
                Observations.of(Samples.gaussian(rng, x.shape()).muli(sigma).addi(x));
    }

    private static List<SimpleScore> scores(ForwardModel forward, INDArray clean, Metric... metrics) {
        Observations y = forward.apply(clean, STREAMS.stream("y", 0));
        Probe probe = Probe.of(forward, y, STREAMS);
        HeldOut heldOut = new HeldOut(
                y.y(),
                y.conditioning(),
                y.y(),
                y.y(),
                y.y(),
                Optional.of(clean),
                Optional.of(clean),
                Optional.of(clean));
        return SimpleScores.of(new EvaluationSettings(List.of(metrics), 0), forward, probe, heldOut, STREAMS);
    }

    private static SimpleScore row(List<SimpleScore> rows, String name) {
        return rows.stream().filter(row -> row.name().equals(name)).findFirst().orElseThrow();
    }

    /** Noise of .2 against a peak of 2 is 20 dB; 200 images of 1024 pixels tell it to .02 dB. */
    @Test
    void under_noise_a_filter_and_two_denoisers_stand_between_y_and_what_was_learned_on_the_same_200_items() {
        List<SimpleScore> rows = scores(noise(.2), LEAVES, new Psnr(), new Moments(), new PooledPsnr(), new Ssim());
        assertThat(rows)
                .extracting(SimpleScore::name)
                .containsExactly("observed", "wiener", "total-variation", "non-local-means", "restored", "mean");
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.items()).isEqualTo(200);
            assertThat(row.scores()).containsOnlyKeys("psnr", "pooled-psnr", "ssim");
        });
        double y = row(rows, "observed").score("pooled-psnr").orElseThrow();
        assertThat(y).isCloseTo(20, within(.08));
        assertThat(rows)
                .filteredOn(SimpleScore::simple)
                .hasSize(3)
                .allSatisfy(row ->
                        assertThat(row.score("pooled-psnr").orElseThrow()).isGreaterThan(y + 1));
        assertThat(row(rows, "restored").scores())
                .isEqualTo(row(rows, "observed").scores());
        assertThat(row(rows, "total-variation").about()).matches("weight 0\\.\\d+, chosen on the clean items of 32");
        assertThat(row(rows, "wiener").about()).contains("no clean items");
    }

    @Test
    void without_noise_there_is_nothing_to_take_away() {
        assertThat(scores(noise(0), LEAVES, new Psnr()))
                .extracting(SimpleScore::name)
                .containsExactly("observed", "wiener", "restored", "mean");
    }

    @Test
    void under_masks_only_the_forward_models_own_guess_stands_there() {
        List<SimpleScore> rows = scores(new RandomMask(.5, .001), LEAVES, new Psnr());
        assertThat(rows).extracting(SimpleScore::name).containsExactly("observed", "guess", "restored", "mean");
        assertThat(row(rows, "guess").score("psnr").orElseThrow())
                .isGreaterThan(row(rows, "observed").score("psnr").orElseThrow() + 10);
    }

    @Test
    void there_are_none_of_vectors_or_where_no_metric_compares_item_by_item() {
        assertThat(scores(noise(.2), Samples.gaussian(STREAMS.stream("v", 0), 50, 2), new Psnr()))
                .isEmpty();
        assertThat(scores(noise(.2), LEAVES.get(NDArrayIndex.interval(0, 8)), new Moments()))
                .isEmpty();
    }

    @Test
    void a_single_image_is_scored_too() {
        assertThat(scores(noise(.2), LEAVES.get(NDArrayIndex.interval(0, 1)), new Psnr()))
                .extracting(SimpleScore::name)
                .containsExactly("observed", "total-variation", "non-local-means", "restored", "mean");
    }
}
