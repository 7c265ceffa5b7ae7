package dev.palimpsest.runtime.transport;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.Observations;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How a drift begins from a forward model's guess: which of its networks' outputs stand for what is written at {@link GuessedDrift}.
 *
 * @param error e, the root mean square of x - g beside that of F(x) - x
 * @param hold whether values that the forward model says were seen are held
 */
public record Guess(double error, boolean hold) {
    /** A guess without error would leave nothing to predict, and no scale to predict it on. */
    private static final double LEAST_ERROR = 1e-3;

    /** Whether a forward model has a guess that a network for items of this signature can be given. */
    public static boolean possible(ForwardModel forward, DriftSignature signature, Observations y) {
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
    public static Guess measured(ForwardModel forward, Observations y, boolean hold, RandomGenerator rng) {
        INDArray x = forward.guess(y.y(), y.conditioning()).orElseThrow();
        Observations again = forward.apply(x, rng);
        INDArray seen = forward.seen(y.conditioning())
                .map(mask -> x.ulike().assign(mask.broadcast(x.shape())))
                .orElseGet(() -> x.ulike().assign(1));
        INDArray rest =
                forward.guess(again.y(), again.conditioning()).orElseThrow().rsubi(x);
        INDArray change = again.y().sub(x);
        double error = Math.sqrt(square(rest, seen) / square(change, seen));
        return new Guess(Math.max(LEAST_ERROR, Double.isFinite(error) ? error : 1), hold);
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
    public DriftArchitecture from(DriftArchitecture architecture, ForwardModel forward, InterpolantSchedule schedule) {
        return new DriftArchitecture() {
            @Override
            public DriftNetwork build(DriftSignature signature, long seed) {
                return new GuessedDrift(architecture.build(told(signature), seed), forward, schedule, Guess.this);
            }

            @Override
            public OptionalLong memory(DriftSignature signature, int items, boolean withGradient) {
                return architecture.memory(told(signature), items, withGradient);
            }
        };
    }

    /** The network is given the guess beside what is known. */
    private static DriftSignature told(DriftSignature signature) {
        long[] item = signature.itemShape();
        return item.length == 3
                ? new DriftSignature(
                        item, signature.conditioningMaps() + Math.toIntExact(item[0]), signature.conditioningSize())
                : new DriftSignature(
                        item, signature.conditioningMaps(), signature.conditioningSize() + Math.toIntExact(item[0]));
    }
}
