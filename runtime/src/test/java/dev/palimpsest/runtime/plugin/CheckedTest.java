package dev.palimpsest.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.FeatureMap;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.LossGradient;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.api.Solution;
import dev.palimpsest.api.VelocityField;
import dev.palimpsest.runtime.data.DataException;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CheckedTest {
    private final RandomGenerator rng =
            RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    private final INDArray images = Nd4j.ones(DataType.FLOAT, 4, 2, 3, 3);

    private static void assertFault(ThrowingCallable code, String message) {
        assertThatThrownBy(code).isInstanceOf(PluginException.class).hasMessage(message);
    }

    @Test
    void a_fault_can_say_where_it_happened() {
        assertThat(new PluginException("solver \"x\" (plugin y): returned null").at("training step 42"))
                .hasMessage("solver \"x\" (plugin y): returned null, in training step 42");
    }

    @Nested
    class ForwardModels {
        private static final String LABEL = "forward model \"nan-blur\" (plugin my-blur): ";

        private ForwardModel checked(ForwardModel model) {
            return Checked.forward(model, new Extension<>(ForwardModel.class, "nan-blur", model.getClass(), "my-blur"));
        }

        private ForwardModel returning(UnaryOperator<INDArray> y) {
            return checked((x, random) -> Observations.of(y.apply(x)));
        }

        private ForwardModel knowing(UnaryOperator<INDArray> conditioning) {
            return checked((x, random) -> Observations.of(x.dup(), conditioning.apply(x)));
        }

        private void assertFault(ForwardModel model, String message) {
            CheckedTest.assertFault(() -> model.apply(images, rng), LABEL + message);
        }

        @Test
        void what_keeps_the_contract_passes_as_it_is() {
            INDArray maps = Nd4j.zeros(DataType.FLOAT, 4, 1, 3, 3);

            Observations observations =
                    checked((x, random) -> Observations.of(x.mul(0.5), maps)).apply(images, rng);

            assertThat(observations.y()).isEqualTo(images.mul(0.5));
            assertThat(observations.conditioning()).containsSame(maps);
        }

        @Test
        void a_value_that_is_not_finite_is_located() {
            assertFault(returning(x -> x.dup().putScalar(3, 1, 2, 2, Float.NaN)), "returned NaN at item 3, index 17");
            assertFault(
                    returning(x -> x.dup().putScalar(0, 0, 0, 1, Float.NEGATIVE_INFINITY)),
                    "returned -Infinity at item 0, index 1");
        }

        @Test
        void what_it_refuses_to_refill_is_a_mistake_in_the_data_and_what_else_it_throws_is_its_own() {
            assertThatThrownBy(() -> refilling(new IllegalArgumentException("expected a mask, got 0.5")))
                    .isInstanceOf(DataException.class)
                    .hasMessage(LABEL + "expected a mask, got 0.5");
            assertThatThrownBy(() -> refilling(new IllegalStateException("no dice")))
                    .isInstanceOf(PluginException.class)
                    .hasMessageContaining("no dice");
        }

        private Optional<Observations> refilling(RuntimeException thrown) {
            ForwardModel model = new ForwardModel() {
                @Override
                public Observations apply(INDArray x, RandomGenerator random) {
                    return Observations.of(x.dup());
                }

                @Override
                public Optional<Observations> refill(Observations observed, RandomGenerator random) {
                    throw thrown;
                }
            };
            return checked(model).refill(Observations.of(images), rng);
        }

        @Test
        void a_value_in_a_transposed_array_is_located_too() {
            assertFault(
                    returning(x -> x.dup().permute(0, 1, 3, 2).putScalar(1, 0, 0, 2, Float.NaN)),
                    "returned NaN at item 1, index 2");
        }

        @Test
        void large_values_whose_sum_overflows_are_finite() {
            assertThatCode(() -> returning(x -> x.mul(Float.MAX_VALUE)).apply(images, rng))
                    .doesNotThrowAnyException();
        }

        @Test
        void y_has_the_shape_of_x() {
            assertFault(returning(x -> x.dup().reshape(4, 18)), "expected y of shape [4, 2, 3, 3], got [4, 18]");
        }

        @Test
        void other_floating_types_are_converted_and_others_refused() {
            assertThat(returning(x -> x.castTo(DataType.DOUBLE))
                            .apply(images, rng)
                            .y()
                            .dataType())
                    .isEqualTo(DataType.FLOAT);
            assertFault(
                    returning(x -> x.castTo(DataType.INT64)),
                    "expected y of type FLOAT, got LONG: convert it with castTo(DataType.FLOAT)");
        }

        @Test
        void a_double_that_is_too_large_for_a_float_is_not_finite() {
            assertFault(returning(x -> x.castTo(DataType.DOUBLE).mul(1e300)), "returned Infinity at item 0, index 0");
        }

        @Test
        void the_input_stays_as_it_was() {
            assertFault(returning(x -> x.addi(1).dup()), "modified its input: work on a copy, x.dup()");
            images.assign(1);
            assertFault(
                    returning(x -> x.putScalar(3, 1, 2, 2, Float.NaN).mul(0)),
                    "modified its input: work on a copy, x.dup()");
        }

        @Test
        void the_result_is_not_the_input() {
            String message = "returned its input: return a new array, such as x.dup()";
            assertFault(returning(x -> x), message);
            assertFault(returning(x -> x.reshape(4, 2, 3, 3)), message);
        }

        @Test
        void null_is_no_result() {
            assertFault(checked((x, random) -> null), "returned null");
        }

        @Test
        void a_prepared_model_is_checked_and_is_not_null() {
            ForwardModel unprepared = new ForwardModel() {
                @Override
                public Observations apply(INDArray x, RandomGenerator random) {
                    return Observations.of(x.dup());
                }

                @Override
                public ForwardModel prepare(long[] itemShape) {
                    return itemShape.length == 1 ? null : (x, random) -> Observations.of(x);
                }
            };

            CheckedTest.assertFault(() -> checked(unprepared).prepare(new long[] {2}), LABEL + "returned null");
            assertFault(
                    checked(unprepared).prepare(new long[] {2, 3, 3}),
                    "returned its input: return a new array, such as x.dup()");
        }

        @Test
        void what_it_throws_is_said_and_is_the_cause() {
            ForwardModel throwing = checked((x, random) -> {
                throw new IllegalStateException("no\nkernel");
            });

            assertThatThrownBy(() -> throwing.apply(images, rng))
                    .isInstanceOf(PluginException.class)
                    .hasMessage(LABEL + "threw java.lang.IllegalStateException: no kernel")
                    .hasCauseInstanceOf(IllegalStateException.class);
        }

        @Test
        void an_argument_that_it_refuses_is_said_in_its_own_words() {
            assertFault(
                    checked((x, random) -> {
                        throw new IllegalArgumentException("images must be square, got 3 x 4");
                    }),
                    "images must be square, got 3 x 4");
        }

        @Test
        void recursion_without_end_and_missing_classes_are_its_fault() {
            assertFault(
                    checked(new ForwardModel() {
                        @Override
                        public Observations apply(INDArray x, RandomGenerator random) {
                            return apply(x, random);
                        }
                    }),
                    "called itself without end (java.lang.StackOverflowError)");
            assertFault(
                    checked((x, random) -> {
                        throw new NoClassDefFoundError("org/example/Fft");
                    }),
                    "needs the class org.example.Fft, which is neither in the JAR nor in the API:"
                            + " bundle the library that has it in the JAR");
        }

        @Test
        void lack_of_memory_is_not_its_fault() {
            ForwardModel greedy = checked((x, random) -> {
                throw new OutOfMemoryError("heap");
            });

            assertThatThrownBy(() -> greedy.apply(images, rng)).isInstanceOf(OutOfMemoryError.class);
        }

        @Test
        void conditioning_is_maps_or_vectors_for_the_same_items() {
            assertThatCode(() -> knowing(x -> Nd4j.zeros(4, 5)).apply(images, rng))
                    .doesNotThrowAnyException();
            String expected = "expected conditioning of shape [4, c, 3, 3] or [4, d], got ";
            assertFault(knowing(x -> Nd4j.zeros(DataType.FLOAT, 3, 5)), expected + "[3, 5]");
            assertFault(knowing(x -> Nd4j.zeros(DataType.FLOAT, 4)), expected + "[4]");
            assertFault(knowing(x -> Nd4j.zeros(DataType.FLOAT, 4, 1, 3, 2)), expected + "[4, 1, 3, 2]");
            assertFault(
                    knowing(x -> Nd4j.zeros(DataType.FLOAT, 4, 2).putScalar(2, 1, Float.NaN)),
                    "returned NaN in its conditioning at item 2, index 1");
        }

        @Test
        void conditioning_of_vectors_has_no_maps() {
            CheckedTest.assertFault(
                    () -> knowing(x -> Nd4j.zeros(DataType.FLOAT, 4, 1, 1, 1))
                            .apply(Nd4j.ones(DataType.FLOAT, 4, 2), rng),
                    LABEL + "expected conditioning of shape [4, d], got [4, 1, 1, 1]");
        }

        @Test
        void conditioning_has_one_shape_at_every_call_whatever_the_number_of_items() {
            ForwardModel model = knowing(x -> Nd4j.zeros(DataType.FLOAT, x.size(0), x.size(0) == 3 ? 6 : 5));

            model.apply(images, rng);
            model.apply(Nd4j.ones(DataType.FLOAT, 2, 2, 3, 3), rng);
            CheckedTest.assertFault(
                    () -> model.apply(Nd4j.ones(DataType.FLOAT, 3, 2, 3, 3), rng),
                    LABEL + "expected conditioning of the same shape at every call, got [N, 6] after [N, 5]");
        }

        @Test
        void conditioning_does_not_come_and_go() {
            ForwardModel model = checked((x, random) -> x.size(0) == 4
                    ? Observations.of(x.dup())
                    : Observations.of(x.dup(), Nd4j.zeros(DataType.FLOAT, x.size(0), 5)));

            model.apply(images, rng);
            CheckedTest.assertFault(
                    () -> model.apply(Nd4j.ones(DataType.FLOAT, 3, 2, 3, 3), rng),
                    LABEL + "expected conditioning of the same shape at every call, got [N, 5] after none");
        }

        /** Has a guess, and says what is seen, where a function gives one. */
        private ForwardModel guessing(BiFunction<INDArray, INDArray, INDArray> guess, UnaryOperator<INDArray> seen) {
            return checked(new ForwardModel() {
                @Override
                public Observations apply(INDArray x, RandomGenerator random) {
                    return Observations.of(x.dup());
                }

                @Override
                public Optional<INDArray> guess(INDArray state, Optional<INDArray> conditioning) {
                    return conditioning.map(known -> guess.apply(state, known));
                }

                @Override
                public Optional<INDArray> seen(Optional<INDArray> conditioning) {
                    return conditioning.map(seen);
                }
            });
        }

        private final INDArray mask = Nd4j.ones(DataType.FLOAT, 4, 1, 3, 3);

        private void assertGuess(BiFunction<INDArray, INDArray, INDArray> guess, String message) {
            CheckedTest.assertFault(
                    () -> guessing(guess, INDArray::dup).guess(images, Optional.of(mask)), LABEL + message);
        }

        private void assertSeen(UnaryOperator<INDArray> seen, String message) {
            CheckedTest.assertFault(
                    () -> guessing((state, known) -> state.dup(), seen).seen(Optional.of(mask)), LABEL + message);
        }

        @Test
        void a_guess_that_keeps_the_contract_passes_as_it_is() {
            INDArray half = images.mul(.5);

            assertThat(guessing((state, known) -> half, INDArray::dup).guess(images, Optional.of(mask)))
                    .containsSame(half);
            assertThat(returning(INDArray::dup).guess(images, Optional.of(mask)))
                    .isEmpty();
        }

        @Test
        void a_guess_is_a_finite_array_of_its_own_in_the_shape_of_the_state() {
            assertGuess(
                    (state, known) -> state.dup().reshape(4, 18),
                    "expected a guess of shape [4, 2, 3, 3], got [4, 18]");
            assertGuess((state, known) -> state, "returned its input: return a new array, such as x.dup()");
            assertGuess((state, known) -> state.addi(1).dup(), "modified its input: work on a copy, x.dup()");
            images.assign(1);
            assertGuess(
                    (state, known) -> state.dup().putScalar(3, 1, 2, 2, Float.NaN),
                    "returned NaN in its guess at item 3, index 17");
            CheckedTest.assertFault(
                    () -> guessing((state, known) -> known, INDArray::dup).guess(mask.mul(2), Optional.of(mask)),
                    LABEL + "returned its input: return a new array, such as x.dup()");
        }

        @Test
        void a_guess_of_a_state_that_is_not_finite_need_not_be() {
            images.putScalar(3, 1, 2, 2, Float.NaN);

            assertThat(guessing((state, known) -> state.dup(), INDArray::dup).guess(images, Optional.of(mask)))
                    .isPresent();
        }

        @Test
        void a_guess_does_not_come_and_go() {
            ForwardModel model = guessing((state, known) -> state.dup(), INDArray::dup);

            model.guess(images, Optional.of(mask));
            CheckedTest.assertFault(
                    () -> model.guess(images, Optional.empty()),
                    LABEL + "expected a guess at every call or at none, got none after one");
        }

        @Test
        void what_is_seen_passes_as_it_is_where_it_is_ones_and_zeros() {
            INDArray seen = Nd4j.zeros(DataType.FLOAT, 4, 2, 3, 3).putScalar(1, 0, 2, 2, 1);

            assertThat(guessing((state, known) -> state.dup(), known -> seen).seen(Optional.of(mask)))
                    .containsSame(seen);
            assertThat(returning(INDArray::dup).seen(Optional.of(mask))).isEmpty();
        }

        @Test
        void what_is_seen_is_a_mask_of_its_own_for_the_same_items() {
            assertSeen(
                    known -> known.dup().putScalar(2, 0, 1, 1, .5),
                    "returned 0.5, not 0 or 1, in its mask of what is seen at item 2, index 4");
            assertSeen(
                    known -> known.dup().putScalar(2, 0, 1, 1, Float.NaN),
                    "returned NaN, not 0 or 1, in its mask of what is seen at item 2, index 4");
            assertSeen(
                    known -> Nd4j.ones(DataType.FLOAT, 3, 1, 3, 3),
                    "expected a mask of what is seen of shape [4, c, 3, 3], got [3, 1, 3, 3]");
            assertSeen(
                    known -> Nd4j.ones(DataType.FLOAT, 4, 9),
                    "expected a mask of what is seen of shape [4, c, 3, 3], got [4, 9]");
            assertSeen(
                    known -> Nd4j.ones(DataType.BOOL, 4, 1, 3, 3),
                    "expected a mask of what is seen of type FLOAT, got BOOL: convert it with castTo(DataType.FLOAT)");
            assertSeen(known -> known, "returned its input: return a new array, such as x.dup()");
            assertSeen(known -> known.muli(0).dup(), "modified its input: work on a copy, x.dup()");
        }

        @Test
        void what_is_seen_is_told_at_every_call_or_at_none() {
            ForwardModel model = guessing((state, known) -> state.dup(), INDArray::dup);

            model.seen(Optional.empty());
            CheckedTest.assertFault(
                    () -> model.seen(Optional.of(mask)),
                    LABEL + "expected a mask of what is seen at every call or at none, got one after none");
        }
    }

    @Nested
    class Solvers {
        private static final String LABEL = "ode solver \"leap\" (plugin frogs): ";
        private final VelocityField b = (t, x) -> x.mul(t);

        private OdeSolver checked(Integrate integrate) {
            OdeSolver solver = new OdeSolver() {
                @Override
                public Solution integrate(VelocityField field, INDArray x, double from, double to) {
                    return integrate.apply(field, x);
                }

                @Override
                public int order() {
                    return 0;
                }
            };
            return Checked.solver(solver, new Extension<>(OdeSolver.class, "leap", solver.getClass(), "frogs"));
        }

        private void assertFault(Integrate integrate, String message) {
            CheckedTest.assertFault(() -> checked(integrate).integrate(b, images, 1, 0), LABEL + message);
        }

        @Test
        void what_keeps_the_contract_passes_as_it_is() {
            Solution solution = checked((field, x) -> new Solution(x.add(field.at(1, x)), 1, true))
                    .integrate(b, images, 1, 0);

            assertThat(solution.x()).isEqualTo(images.mul(2));
            assertThat(solution.steps()).isEqualTo(1);
            assertThat(solution.completed()).isTrue();
        }

        @Test
        void the_state_has_the_shape_of_x_and_is_another_array() {
            assertFault(
                    (field, x) -> new Solution(Nd4j.zeros(DataType.FLOAT, 2), 1, true),
                    "expected a state of shape [4, 2, 3, 3], got [2]");
            assertFault(
                    (field, x) -> new Solution(x, 1, true), "returned its input: return a new array, such as x.dup()");
            assertFault((field, x) -> null, "returned null");
        }

        @Test
        void the_input_stays_as_it_was() {
            assertFault(
                    (field, x) -> new Solution(x.addi(1).dup(), 1, true),
                    "modified its input: work on a copy, x.dup()");
        }

        @Test
        void a_completed_solution_is_finite() {
            INDArray nan = images.dup().putScalar(1, 0, 1, 0, Float.NaN);

            assertFault((field, x) -> new Solution(nan, 1, true), "returned NaN at item 1, index 3");
            assertThat(checked((field, x) -> new Solution(nan, 1, false))
                            .integrate(b, images, 1, 0)
                            .completed())
                    .isFalse();
        }

        @Test
        void a_velocity_that_is_not_finite_is_not_the_solvers_fault() {
            Solution solution = checked((field, x) -> new Solution(x.add(field.at(1, x)), 1, true))
                    .integrate((t, x) -> x.dup().putScalar(0, Float.NaN), images, 1, 0);

            assertThat(solution.completed()).isFalse();
        }

        @Test
        void what_the_velocity_field_throws_passes_through() {
            IllegalStateException interrupted = new IllegalStateException("interrupted");

            assertThatThrownBy(() -> checked((field, x) -> new Solution(field.at(1, x), 1, true))
                            .integrate(
                                    (t, x) -> {
                                        throw interrupted;
                                    },
                                    images,
                                    1,
                                    0))
                    .isSameAs(interrupted);
        }

        @Test
        void an_order_is_at_least_one() {
            CheckedTest.assertFault(
                    () -> checked((field, x) -> null).order(), LABEL + "expected an order of at least 1, got 0");
        }
    }

    private interface Integrate {
        Solution apply(VelocityField b, INDArray x);
    }

    @Nested
    class Schedules {
        private static final String LABEL = "interpolant schedule \"bent\" (plugin curves): ";

        private record Bent(DoubleUnaryOperator a, DoubleUnaryOperator b, DoubleUnaryOperator g, double margin)
                implements InterpolantSchedule {
            @Override
            public double alpha(double t) {
                return a.applyAsDouble(t);
            }

            @Override
            public double alphaDot(double t) {
                return 1 / (t - 0.5);
            }

            @Override
            public double beta(double t) {
                return b.applyAsDouble(t);
            }

            @Override
            public double betaDot(double t) {
                return 1;
            }

            @Override
            public double gamma(double t) {
                return g.applyAsDouble(t);
            }

            @Override
            public double gammaDot(double t) {
                return (0.5 - t) / Math.sqrt(t * (1 - t));
            }

            @Override
            public double gammaGammaDot(double t) {
                return 0.5 - t;
            }
        }

        private InterpolantSchedule checked(
                DoubleUnaryOperator a, DoubleUnaryOperator b, DoubleUnaryOperator g, double margin) {
            return Checked.schedule(
                    new Bent(a, b, g, margin),
                    new Extension<>(InterpolantSchedule.class, "bent", Bent.class, "curves"));
        }

        @Test
        void what_keeps_the_contract_passes_as_it_is() {
            InterpolantSchedule schedule = checked(t -> 1 - t, t -> t, t -> Math.sqrt(t * (1 - t)), 0.01);

            assertThat(schedule.alpha(0.25)).isEqualTo(0.75);
            assertThat(schedule.beta(0.25)).isEqualTo(0.25);
            assertThat(schedule.gamma(0.5)).isEqualTo(0.5);
            assertThat(schedule.alphaDot(0)).isEqualTo(-2);
            assertThat(schedule.betaDot(0)).isEqualTo(1);
            assertThat(schedule.gammaDot(0.5)).isZero();
            assertThat(schedule.margin()).isEqualTo(0.01);
            assertThat(schedule).asString().startsWith("Bent[");
        }

        @Test
        void a_product_that_is_finite_where_its_factor_is_not_is_the_schedules_own() {
            assertThat(checked(t -> 1 - t, t -> t, t -> Math.sqrt(t * (1 - t)), 0.01)
                            .gammaGammaDot(0))
                    .isEqualTo(0.5);
        }

        @Test
        void the_ends_are_checked_at_once() {
            DoubleUnaryOperator zero = t -> 0;
            assertFault(() -> checked(t -> 0.9 - t, t -> t, zero, 0), LABEL + "expected alpha(0) = 1, got 0.9");
            assertFault(() -> checked(t -> 1, t -> t, zero, 0), LABEL + "expected alpha(1) = 0, got 1.0");
            assertFault(() -> checked(t -> 1 - t, t -> 1, zero, 0), LABEL + "expected beta(0) = 0, got 1.0");
            assertFault(() -> checked(t -> 1 - t, zero, zero, 0), LABEL + "expected beta(1) = 1, got 0.0");
            assertFault(() -> checked(t -> 1 - t, t -> t, t -> t - 1, 0), LABEL + "expected gamma(0) = 0, got -1.0");
            assertFault(() -> checked(t -> 1 - t, t -> t, t -> t, 0), LABEL + "expected gamma(1) = 0, got 1.0");
            assertFault(
                    () -> checked(t -> 1 - t, t -> t, zero, 0.5),
                    LABEL + "expected a margin of at least 0 and below 0.5, got 0.5");
        }

        @Test
        void rounding_at_the_ends_is_allowed() {
            assertThatCode(() -> checked(t -> Math.cos(t * Math.PI / 2), t -> Math.sin(t * Math.PI / 2), t -> 0, 0))
                    .doesNotThrowAnyException();
        }

        @Test
        void every_value_asked_for_is_finite() {
            InterpolantSchedule schedule = checked(t -> 1 - t, t -> t, t -> Math.sqrt(t * (1 - t)), 0);

            assertFault(() -> schedule.alphaDot(0.5), LABEL + "alphaDot(0.5) is Infinity");
            assertFault(() -> schedule.gammaDot(0), LABEL + "gammaDot(0.0) is Infinity");
            assertFault(() -> schedule.gamma(2), LABEL + "gamma(2.0) is NaN");
        }
    }

    @Nested
    class Drifts {
        private static final String LABEL = "drift architecture \"tiny\" (plugin nets): ";
        private final DriftSignature signature = new DriftSignature(new long[] {2, 3, 3}, 0, 0);
        private final INDArray t = Nd4j.zeros(DataType.FLOAT, 4);

        private record Net(INDArray parameters, UnaryOperator<INDArray> b, LossGradient loss) implements DriftNetwork {
            @Override
            public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
                return b.apply(x);
            }

            @Override
            public LossGradient squaredError(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
                return loss;
            }

            @Override
            public void close() {
                parameters.assign(-1);
            }
        }

        private DriftNetwork build(DriftNetwork network) {
            DriftArchitecture architecture = (ignoredSignature, seed) -> network;
            return Checked.drift(
                            architecture,
                            new Extension<>(DriftArchitecture.class, "tiny", architecture.getClass(), "nets"))
                    .build(signature, 1);
        }

        private DriftNetwork network(UnaryOperator<INDArray> b, LossGradient loss) {
            return build(new Net(Nd4j.zeros(DataType.FLOAT, 5), b, loss));
        }

        private LossGradient error(LossGradient loss) {
            return network(INDArray::dup, loss).squaredError(t, images, Optional.empty(), images);
        }

        @Test
        void what_keeps_the_contract_passes_as_it_is() {
            INDArray gradient = Nd4j.ones(DataType.FLOAT, 5);
            Net net = new Net(Nd4j.zeros(DataType.FLOAT, 5), x -> x.mul(2), new LossGradient(0.5, gradient));
            DriftNetwork network = build(net);

            assertThat(network.parameters()).isSameAs(net.parameters());
            assertThat(network.velocity(t, images, Optional.empty())).isEqualTo(images.mul(2));
            LossGradient error = network.squaredError(t, images, Optional.empty(), images);
            assertThat(error.loss()).isEqualTo(0.5);
            assertThat(error.gradient()).isSameAs(gradient);
            network.close();
            assertThat(net.parameters().getFloat(0)).isEqualTo(-1);
        }

        @Test
        void a_network_is_not_null() {
            assertFault(() -> build(null), LABEL + "returned null");
        }

        @Test
        void parameters_are_one_vector_of_floats() {
            LossGradient loss = new LossGradient(0, Nd4j.zeros(DataType.FLOAT, 5));
            assertFault(
                    () -> build(new Net(Nd4j.zeros(DataType.FLOAT, 1, 5), x -> x, loss)),
                    LABEL + "expected parameters as one vector of type FLOAT, got rank 2 and type FLOAT");
            assertFault(
                    () -> build(new Net(Nd4j.zeros(DataType.DOUBLE, 5), x -> x, loss)),
                    LABEL + "expected parameters as one vector of type FLOAT, got rank 1 and type DOUBLE");
        }

        @Test
        void a_velocity_has_the_shape_of_x_and_leaves_it_as_it_was() {
            LossGradient loss = new LossGradient(0, Nd4j.zeros(DataType.FLOAT, 5));
            assertFault(
                    () -> network(x -> t.dup(), loss).velocity(t, images, Optional.empty()),
                    LABEL + "expected a velocity of shape [4, 2, 3, 3], got [4]");
            assertFault(() -> network(x -> null, loss).velocity(t, images, Optional.empty()), LABEL + "returned null");
            assertFault(
                    () -> network(x -> x, loss).velocity(t, images, Optional.empty()),
                    LABEL + "returned its input: return a new array, such as x.dup()");
            assertFault(
                    () -> network(x -> x.addi(1).dup(), loss).velocity(t, images, Optional.empty()),
                    LABEL + "modified its input: work on a copy, x.dup()");
        }

        @Test
        void a_gradient_has_the_shape_of_the_parameters() {
            assertFault(
                    () -> error(new LossGradient(0, Nd4j.zeros(DataType.FLOAT, 4))),
                    LABEL + "expected a gradient of shape [5], got [4]");
            assertFault(() -> error(null), LABEL + "returned null");
        }

        @Test
        void that_training_diverges_is_not_its_fault() {
            INDArray nan = Nd4j.zeros(DataType.FLOAT, 5).addi(Float.NaN);

            assertThat(error(new LossGradient(Double.NaN, nan)).gradient()).isSameAs(nan);
        }
    }

    @Nested
    class FeatureMaps {
        private static final String LABEL = "feature map \"eyes\" (plugin my-eyes): ";

        private FeatureMap returning(UnaryOperator<INDArray> features) {
            FeatureMap map = new FeatureMap() {
                @Override
                public INDArray of(INDArray x) {
                    return features.apply(x);
                }

                @Override
                public String name() {
                    return "eyes";
                }

                @Override
                public String checksum() {
                    throw new IllegalArgumentException("no weights");
                }
            };
            return Checked.features(map, new Extension<>(FeatureMap.class, "eyes", map.getClass(), "my-eyes"));
        }

        private void assertRefused(UnaryOperator<INDArray> features, String message) {
            assertFault(() -> returning(features).of(images), LABEL + message);
        }

        @Test
        void good_features_pass_in_single_precision() {
            INDArray features =
                    returning(x -> x.reshape(4, 18).castTo(DataType.DOUBLE)).of(images);
            assertThat(features.dataType()).isEqualTo(DataType.FLOAT);
            assertThat(features.shape()).containsExactly(4, 18);
            assertThat(returning(x -> x).name()).isEqualTo("eyes");
        }

        @Test
        void what_breaks_the_contract_is_named() {
            assertRefused(x -> x.dup(), "expected features of shape [4, d], got [4, 2, 3, 3]");
            assertRefused(x -> Nd4j.ones(3, 5), "expected features of shape [4, d], got [3, 5]");
            assertRefused(x -> x.reshape(4, 18), "returned its input: return a new array, such as x.dup()");
            assertRefused(x -> x.addi(1).dup().reshape(4, 18), "modified its input: work on a copy, x.dup()");
            assertRefused(x -> Nd4j.ones(4, 5).putScalar(1, 2, Float.NaN), "returned NaN at item 1, index 2");
            assertFault(() -> returning(x -> x).checksum(), LABEL + "no weights");
        }
    }
}
