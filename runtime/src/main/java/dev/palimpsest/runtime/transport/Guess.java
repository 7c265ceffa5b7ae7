package dev.palimpsest.runtime.transport;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.Observations;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The simple estimate of x that a drift begins from, whose rest its network predicts. */
public sealed interface Guess {
    /**
     * A forward model's own, see {@link FilledEstimator}.
     *
     * @param error e, the root mean square of x - g beside that of F(x) - x
     * @param hold whether values that the forward model says were seen are held
     */
    record Filled(double error, boolean hold) implements Guess {
        @Override
        public Estimator estimator(ForwardModel forward, Times times, DriftSignature signature) {
            return new FilledEstimator(forward, times, error);
        }
    }

    /** A Wiener filter, see {@link WienerEstimator}. */
    record Wiener(Spectra spectra) implements Guess {
        @Override
        public Estimator estimator(ForwardModel forward, Times times, DriftSignature signature) {
            long[] item = signature.itemShape();
            return new WienerEstimator(spectra, times, new Cosines((int) item[1], (int) item[2]));
        }
    }

    /** A guess without error would leave nothing to predict, and no scale to predict it on. */
    double LEAST_ERROR = 1e-3;

    /** What makes the estimates of a drift for items of this signature. */
    Estimator estimator(ForwardModel forward, Times times, DriftSignature signature);

    /** Whether values that the forward model says were seen are held. */
    default boolean hold() {
        return false;
    }

    /** Whether a forward model has a guess that a network for items of this signature can be given. */
    static boolean filled(ForwardModel forward, DriftSignature signature, Observations y) {
        boolean images = signature.itemShape().length == 3;
        boolean alike = images ? signature.conditioningSize() == 0 : signature.conditioningMaps() == 0;
        return alike && forward.guess(y.y(), y.conditioning()).isPresent();
    }

    /**
     * Measures the guess of a forward model: what it fills into observations is corrupted again, and guessed again. Where the model says which values it saw,
     * only those count, which are true.
     *
     * @param y observations with their own conditioning
     */
    static Filled measured(ForwardModel forward, Observations y, boolean hold, RandomGenerator rng) {
        INDArray x = forward.guess(y.y(), y.conditioning()).orElseThrow();
        Observations again = forward.apply(x, rng);
        INDArray seen = forward.seen(y.conditioning())
                .map(mask -> x.ulike().assign(mask.broadcast(x.shape())))
                .orElseGet(() -> x.ulike().assign(1));
        INDArray rest =
                forward.guess(again.y(), again.conditioning()).orElseThrow().rsubi(x);
        INDArray change = again.y().sub(x);
        double error = Math.sqrt(square(rest, seen) / square(change, seen));
        return new Filled(Math.max(LEAST_ERROR, Double.isFinite(error) ? error : 1), hold);
    }

    private static double square(INDArray values, INDArray weights) {
        double sum = 0;
        float[] v = values.dup('c').data().asFloat();
        float[] w = weights.dup('c').data().asFloat();
        for (int i = 0; i < v.length; i++) {
            sum += w[i] * v[i] * v[i];
        }
        return sum;
    }

    /** Drifts whose networks are of this architecture, and predict the rest. */
    default DriftArchitecture from(DriftArchitecture architecture, ForwardModel forward, InterpolantSchedule schedule) {
        Times times = new Times(schedule);
        Optional<ForwardModel> holding = Optional.of(forward).filter(model -> hold());
        return new DriftArchitecture() {
            @Override
            public DriftNetwork build(DriftSignature signature, long seed) {
                return new GuessedDrift(
                        architecture.build(told(signature), seed),
                        estimator(forward, times, signature),
                        holding,
                        times);
            }

            @Override
            public OptionalLong memory(DriftSignature signature, int items, boolean withGradient) {
                return architecture.memory(told(signature), items, withGradient);
            }
        };
    }

    /** The network is given what the estimate leaves out beside what is known. */
    private static DriftSignature told(DriftSignature signature) {
        long[] item = signature.itemShape();
        int maps = signature.conditioningMaps();
        int size = signature.conditioningSize();
        int more = Math.toIntExact(item[0]);
        return item.length == 3
                ? new DriftSignature(item, maps + more, size)
                : new DriftSignature(item, maps, size + more);
    }
}
