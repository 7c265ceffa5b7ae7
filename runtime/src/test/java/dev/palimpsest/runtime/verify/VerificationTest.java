package dev.palimpsest.runtime.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.FeatureMap;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.api.PixelForwardModel;
import dev.palimpsest.api.Samples;
import dev.palimpsest.api.Solution;
import dev.palimpsest.api.VelocityField;
import dev.palimpsest.runtime.plugin.Extension;
import dev.palimpsest.runtime.verify.Row.Outcome;
import dev.palimpsest.testkit.contract.Check;
import dev.palimpsest.testkit.contract.ForwardModelContract;
import dev.palimpsest.testkit.contract.SolverContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class VerificationTest {
    public record Noise() implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            return Observations.of(Samples.gaussian(rng, x.shape()).addi(x));
        }
    }

    public record Dots() implements PixelForwardModel {
        @Override
        public float[] apply(float[] pixels, int channels, int height, int width, RandomGenerator rng) {
            pixels[rng.nextInt(pixels.length)] = rng.nextFloat();
            return pixels;
        }
    }

    /** Tells the network y itself, beside a guess. */
    public record Telling() implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            INDArray y = new Noise().apply(x, rng).y();
            return Observations.of(y, y.dup());
        }

        @Override
        public Optional<INDArray> guess(INDArray state, Optional<INDArray> conditioning) {
            return Optional.of(state.dup());
        }
    }

    /** Takes images only, and does not say so. */
    public record Careless() implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            if (x.rank() != 4) {
                throw new IndexOutOfBoundsException("Index 2 out of bounds for length 2");
            }
            return new Noise().apply(x, rng);
        }
    }

    public record Choosy() implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            throw new IllegalArgumentException("choosy needs\n a scanner");
        }
    }

    /** Does not end at batches of 3. */
    public record Hanging() implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            while (x.size(0) == 3 && !Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
            return new Noise().apply(x, rng);
        }
    }

    public record Backward() implements OdeSolver {
        @Override
        public Solution integrate(VelocityField b, INDArray x, double from, double to) {
            if (to > from) {
                throw new UnsupportedOperationException("only backward");
            }
            return new Solution(x.add(b.at(from, x).mul(to - from)), 1, true);
        }

        @Override
        public int order() {
            return 1;
        }
    }

    public record Bent() implements InterpolantSchedule {
        @Override
        public double alpha(double t) {
            return 1 - t;
        }

        @Override
        public double alphaDot(double t) {
            return 1;
        }

        @Override
        public double beta(double t) {
            return t;
        }

        @Override
        public double betaDot(double t) {
            return 1;
        }
    }

    public record Nothing() implements DriftArchitecture {
        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            throw new IllegalArgumentException("nothing can be built");
        }
    }

    /** Takes colour images only, and adds what it was given to a sum of its own. */
    public record Summing() implements FeatureMap {
        private static final AtomicInteger CALLS = new AtomicInteger();

        @Override
        public INDArray of(INDArray x) {
            if (x.rank() != 4 || x.size(1) != 3) {
                throw new IllegalArgumentException("only colour");
            }
            return x.mean(2, 3).addi(CALLS.getAndIncrement());
        }

        @Override
        public String name() {
            return "summing";
        }

        @Override
        public String checksum() {
            return "0".repeat(64);
        }
    }

    /** Asks for its class loader. */
    public record Contextual() implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            if (Thread.currentThread().getContextClassLoader() != getClass().getClassLoader()) {
                throw new IllegalStateException("not my class loader");
            }
            return new Noise().apply(x, rng);
        }
    }

    private static <T> List<Row> rows(Class<T> kind, T instance, Duration limit) {
        List<Row> rows = new ArrayList<>();
        Extension<T> extension = new Extension<>(kind, "it", instance.getClass().asSubclass(kind), "test");
        new Verification(extension, limit, rows::add).run(instance);
        return rows;
    }

    private static <T> List<Row> rows(Class<T> kind, T instance) {
        return rows(kind, instance, Duration.ofMinutes(2));
    }

    private static List<Row> failed(List<Row> rows) {
        return rows.stream().filter(row -> row.outcome() == Outcome.FAILED).toList();
    }

    @Test
    void a_sound_model_keeps_every_promise_of_its_contract() {
        List<Row> rows = rows(ForwardModel.class, new Noise());
        ForwardModelContract contract = Noise::new;
        assertThat(rows)
                .containsExactlyElementsOf(Check.of(ForwardModelContract.class, contract).stream()
                        .map(check -> new Row("it", check.name(), Outcome.OK, ""))
                        .toList());
    }

    @Test
    void a_shape_that_a_model_refuses_is_no_failure() {
        List<Row> rows = rows(ForwardModel.class, new Dots());
        assertThat(failed(rows)).isEmpty();
        assertThat(rows)
                .contains(new Row(
                        "it",
                        "items of shape [2]",
                        Outcome.REFUSED,
                        "a pixel forward model needs images [N, channels, height, width], got shape [2, 2]"));
    }

    @Test
    void a_shape_that_a_model_does_not_refuse_in_words_is_a_failure_that_says_what_to_do() {
        assertThat(failed(rows(ForwardModel.class, new Careless())))
                .containsExactly(new Row(
                        "it",
                        "items of shape [2]",
                        Outcome.FAILED,
                        "threw java.lang.IndexOutOfBoundsException: Index 2 out of bounds for length 2: this is a defect of the plugin;"
                                + " what it cannot take, it must refuse with an IllegalArgumentException"));
    }

    @Test
    void a_guess_beside_which_the_network_is_told_y_is_a_failure() {
        assertThat(failed(rows(ForwardModel.class, new Telling())))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.tried()).isEqualTo("what is known beside a guess tells nothing of x");
                    assertThat(row.message())
                            .contains("what is known beside a guess depends on x", "training collapses");
                });
    }

    @Test
    void a_model_that_refuses_everything_fails_once() {
        List<Row> rows = rows(ForwardModel.class, new Choosy());
        assertThat(rows).filteredOn(row -> row.outcome() == Outcome.REFUSED).hasSize(4);
        assertThat(rows.get(0).message()).isEqualTo("choosy needs a scanner");
        assertThat(failed(rows))
                .singleElement()
                .extracting(Row::message)
                .asString()
                .contains("none of what was offered could be used: give it keys that fit, such as it.KEY=VALUE");
    }

    @Test
    void a_check_that_does_not_end_is_the_last_of_its_extension() {
        List<Row> rows = rows(ForwardModel.class, new Hanging(), Duration.ofSeconds(2));
        assertThat(rows.get(rows.size() - 1).message())
                .isEqualTo("did not end within 2 s, and so nothing more of it is tried");
        assertThat(failed(rows)).hasSize(1);
    }

    @Test
    void a_feature_map_is_tried_on_what_it_takes() {
        List<Row> rows = rows(FeatureMap.class, new Summing());
        assertThat(rows).filteredOn(row -> row.outcome() == Outcome.REFUSED).hasSize(4);
        assertThat(failed(rows))
                .extracting(Row::tried)
                .contains("the same items have the same features")
                .doesNotContain("features are a row an item of one length");
    }

    @Test
    void what_a_plugin_throws_in_a_check_is_its_failure() {
        assertThat(failed(rows(OdeSolver.class, new Backward())))
                .containsExactly(
                        new Row(
                                "it",
                                "a solver arrives where a constant velocity leads forward in time",
                                Outcome.FAILED,
                                "threw java.lang.UnsupportedOperationException: only backward: this is a defect of the plugin"));
        SolverContract contract = Backward::new;
        assertThat(rows(OdeSolver.class, new Backward())).hasSameSizeAs(Check.of(SolverContract.class, contract));
    }

    @Test
    void a_schedule_is_tried_as_a_schedule() {
        assertThat(failed(rows(InterpolantSchedule.class, new Bent())))
                .extracting(Row::tried)
                .containsExactly("alphaDot is the derivative of alpha");
    }

    @Test
    void a_drift_is_offered_items_with_and_without_conditioning() {
        List<Row> rows = rows(DriftArchitecture.class, new Nothing());
        assertThat(rows)
                .filteredOn(row -> row.outcome() == Outcome.REFUSED)
                .extracting(Row::tried)
                .contains("DriftSignature[itemShape=[3, 16, 16], conditioningMaps=1, conditioningSize=0]")
                .hasSize(5);
    }

    @Test
    void a_plugins_code_runs_with_its_class_loader() {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try {
            assertThat(failed(rows(ForwardModel.class, new Contextual()))).isEmpty();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }
}
