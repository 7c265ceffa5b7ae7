package dev.palimpsest.runtime.verify;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.FeatureMap;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.api.Samples;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.plugin.Extension;
import dev.palimpsest.testkit.contract.Check;
import dev.palimpsest.testkit.contract.DriftContract;
import dev.palimpsest.testkit.contract.FeatureMapContract;
import dev.palimpsest.testkit.contract.ForwardModelContract;
import dev.palimpsest.testkit.contract.ScheduleContract;
import dev.palimpsest.testkit.contract.SolverContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** Runs the contract of an extension's kind on it, one row for each promise, as they are found. */
public final class Verification {
    /** Images of one and of three channels, images that are no squares, and vectors. */
    private static final List<long[]> ITEM_SHAPES =
            List.of(new long[] {1, 28, 28}, new long[] {3, 32, 32}, new long[] {1, 20, 28}, new long[] {2});

    /** The same, and images with the frame that the runtime puts around small ones. */
    private static final List<long[]> FEATURE_SHAPES = Stream.concat(
                    ITEM_SHAPES.stream(), Stream.of(new long[] {1, 32, 32}))
            .toList();

    /** With no conditioning, maps and vectors. */
    private static final List<DriftSignature> SIGNATURES = List.of(
            new DriftSignature(new long[] {1, 12, 12}, 0, 0),
            new DriftSignature(new long[] {3, 16, 16}, 1, 0),
            new DriftSignature(new long[] {1, 12, 12}, 0, 2),
            new DriftSignature(new long[] {2}, 0, 0),
            new DriftSignature(new long[] {2}, 0, 3));

    private static final RandomStreams STREAMS = new RandomStreams(1);

    private final Extension<?> extension;
    private final Duration limit;
    private final Consumer<Row> rows;

    /**
     * @param limit how long one check may take
     * @param rows is given each row when it is known
     */
    public Verification(Extension<?> extension, Duration limit, Consumer<Row> rows) {
        this.extension = extension;
        this.limit = limit;
        this.rows = rows;
    }

    /** Tries all promises of the extension's kind; after a check that does not end the others are left out. */
    public void run(Object instance) {
        if (instance instanceof ForwardModel model) {
            forward(model);
        } else if (instance instanceof InterpolantSchedule schedule) {
            ScheduleContract contract = () -> schedule;
            tryAll(Check.of(ScheduleContract.class, contract));
        } else if (instance instanceof OdeSolver solver) {
            SolverContract contract = () -> solver;
            tryAll(Check.of(SolverContract.class, contract));
        } else if (instance instanceof DriftArchitecture architecture) {
            drift(architecture);
        } else if (instance instanceof FeatureMap map) {
            features(map);
        } else {
            throw new IllegalArgumentException("there is no contract of " + instance.getClass());
        }
    }

    private void forward(ForwardModel model) {
        List<long[]> taken = taken(
                ITEM_SHAPES,
                shape -> "items of shape " + Arrays.toString(shape),
                shape -> model.prepare(shape.clone())
                        .apply(
                                Samples.uniform(STREAMS.stream("items", 0), batchOfTwo(shape)),
                                STREAMS.stream("corruption", 0)));
        if (!taken.isEmpty()) {
            tryAll(Check.of(ForwardModelContract.class, new ForwardModelContract() {
                @Override
                public ForwardModel forwardModel() {
                    return model;
                }

                @Override
                public List<long[]> itemShapes() {
                    return taken;
                }
            }));
        }
    }

    private void drift(DriftArchitecture architecture) {
        List<DriftSignature> taken = taken(
                SIGNATURES,
                DriftSignature::toString,
                signature -> architecture.build(signature, 1).close());
        if (!taken.isEmpty()) {
            tryAll(Check.of(DriftContract.class, new DriftContract() {
                @Override
                public DriftArchitecture architecture() {
                    return architecture;
                }

                @Override
                public List<DriftSignature> signatures() {
                    return taken;
                }
            }));
        }
    }

    private void features(FeatureMap map) {
        List<long[]> taken = taken(
                FEATURE_SHAPES,
                shape -> "items of shape " + Arrays.toString(shape),
                shape -> map.of(Samples.uniform(STREAMS.stream("items", 0), batchOfTwo(shape))));
        if (!taken.isEmpty()) {
            tryAll(Check.of(FeatureMapContract.class, new FeatureMapContract() {
                @Override
                public FeatureMap featureMap() {
                    return map;
                }

                @Override
                public List<long[]> featureItemShapes() {
                    return taken;
                }
            }));
        }
    }

    private static long[] batchOfTwo(long[] itemShape) {
        long[] shape = new long[itemShape.length + 1];
        shape[0] = 2;
        System.arraycopy(itemShape, 0, shape, 1, itemShape.length);
        return shape;
    }

    /** What the extension takes of what it is offered. It may refuse the rest by an IllegalArgumentException, but not everything. */
    private <O> List<O> taken(List<O> offers, Function<O, String> name, Consumer<O> use) {
        List<O> taken = new ArrayList<>();
        for (O offer : offers) {
            Attempt attempt = Attempt.of(extension.type().getClassLoader(), limit, () -> use.accept(offer));
            if (attempt.refused()) {
                rows.accept(Row.refused(extension.name(), name.apply(offer), attempt.message()));
            } else if (!attempt.ended()) {
                rows.accept(notEnded(name.apply(offer)));
                return List.of();
            } else if (attempt.thrown().isPresent()) {
                rows.accept(Row.failed(
                        extension.name(),
                        name.apply(offer),
                        attempt.message() + "; what it cannot take, it must refuse with an IllegalArgumentException"));
            } else {
                taken.add(offer);
            }
        }
        if (taken.isEmpty()) {
            rows.accept(Row.failed(
                    extension.name(),
                    "it takes something",
                    "none of what was offered could be used: give it keys that fit, such as " + extension.name()
                            + ".KEY=VALUE"));
        }
        return taken;
    }

    private void tryAll(List<Check> checks) {
        for (Check check : checks) {
            Attempt attempt = Attempt.of(extension.type().getClassLoader(), limit, check.attempt());
            if (!attempt.ended()) {
                rows.accept(notEnded(check.name()));
                return;
            }
            rows.accept(
                    attempt.thrown().isPresent()
                            ? Row.failed(extension.name(), check.name(), attempt.message())
                            : Row.ok(extension.name(), check.name()));
        }
    }

    private Row notEnded(String tried) {
        return Row.failed(
                extension.name(),
                tried,
                "did not end within " + limit.toSeconds() + " s, and so nothing more of it is tried");
    }
}
