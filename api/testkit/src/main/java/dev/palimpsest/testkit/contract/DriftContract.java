package dev.palimpsest.testkit.contract;

import static dev.palimpsest.testkit.contract.Values.require;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.LossGradient;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What {@link DriftArchitecture} and the networks that it builds promise. */
public interface DriftContract {
    DriftArchitecture architecture();

    /** What the architecture can be built for. */
    default List<DriftSignature> signatures() {
        return List.of(
                new DriftSignature(new long[] {1, 12, 12}, 0, 0),
                new DriftSignature(new long[] {3, 8, 8}, 1, 0),
                new DriftSignature(new long[] {1, 8, 8}, 0, 2));
    }

    @Test
    default void a_drift_is_a_public_record_with_defaults() {
        Declaration.requirePublicRecordWithDefaults(architecture());
    }

    @Test
    default void a_drift_refuses_values_out_of_range() {
        Declaration.requireRangesEnforced(architecture());
    }

    @Test
    default void a_new_drift_is_zero_everywhere() {
        DriftTrial.eachNew(this, trial -> {
            double largest = Values.largest(Values.of(trial.batch(3, 1).velocity()));
            require(
                    largest == 0,
                    "expected a new network's velocity to be 0, so that its transport is the identity, got up to "
                            + largest + ": start the last layer with zeros");
        });
    }

    @Test
    default void the_same_seed_builds_the_same_drift() {
        for (DriftSignature signature : signatures()) {
            require(
                    Arrays.equals(DriftTrial.weights(this, signature, 1), DriftTrial.weights(this, signature, 1)),
                    signature + ": expected the same parameters from the same seed, got others: draw them from a"
                            + " generator of that seed");
        }
    }

    @Test
    default void another_seed_builds_another_drift() {
        for (DriftSignature signature : signatures()) {
            require(
                    !Arrays.equals(DriftTrial.weights(this, signature, 1), DriftTrial.weights(this, signature, 2)),
                    signature + ": expected other parameters from another seed, got the same: draw them from a"
                            + " generator of that seed");
        }
    }

    @Test
    default void the_parameters_of_a_drift_are_one_flat_vector() {
        DriftTrial.eachNew(this, trial -> {
            INDArray parameters = trial.network().parameters();
            require(
                    parameters.rank() == 1 && parameters.dataType().isFPType(),
                    "expected parameters as one vector [P] of floats, got shape " + Arrays.toString(parameters.shape())
                            + " of type " + parameters.dataType());
        });
    }

    @Test
    default void writing_to_the_parameters_changes_the_drift() {
        DriftTrial.each(this, trial -> {
            DriftTrial.Batch batch = trial.batch(3, 1);
            float[] before = Values.of(batch.velocity());
            float[] weights = Values.of(trial.network().parameters());
            trial.network().parameters().muli(1.5);
            require(
                    Values.largestDifference(before, Values.of(batch.velocity())) > 0,
                    "writing to parameters() did not change the velocity: return the network's own array, not a copy");
            trial.write(weights);
            require(
                    Arrays.equals(before, Values.of(batch.velocity())),
                    "with its old parameters written back, the network has another velocity: keep nothing that is"
                            + " computed from the parameters between calls");
        });
    }

    @Test
    default void a_velocity_has_the_shape_of_x_and_is_finite() {
        DriftTrial.each(this, trial -> {
            for (int n : new int[] {1, 2, 5}) {
                INDArray velocity = trial.batch(n, n).velocity();
                Values.requireShape(
                        "a velocity",
                        velocity,
                        Values.batch(n, trial.signature().itemShape()));
                Values.requireFinite("a velocity", velocity);
            }
        });
    }

    @Test
    default void a_velocity_is_an_array_of_its_own() {
        DriftTrial.each(this, trial -> {
            DriftTrial.Batch batch = trial.batch(3, 1);
            INDArray velocity = batch.velocity();
            float[] before = Values.of(velocity);
            trial.batch(3, 2).velocity();
            require(
                    Arrays.equals(before, Values.of(velocity)),
                    "a second call of velocity changed what the first had returned: return a new array at every call");
        });
    }

    @Test
    default void a_velocity_depends_on_time_item_and_conditioning() {
        DriftTrial.each(this, trial -> {
            DriftTrial.Batch batch = trial.batch(3, 1);
            DriftTrial.Batch other = trial.batch(3, 2);
            float[] velocity = Values.of(batch.velocity());
            trial.requireOther(velocity, "t", other.t(), batch.x(), batch.conditioning());
            trial.requireOther(velocity, "x", batch.t(), other.x(), batch.conditioning());
            if (batch.conditioning().isPresent()) {
                trial.requireOther(velocity, "the conditioning", batch.t(), batch.x(), other.conditioning());
            }
        });
    }

    /** Within 1e-4 of the largest value, because float32 sums may be taken in another order for another batch. */
    @Test
    default void the_velocity_of_a_batch_is_that_of_its_items_one_by_one() {
        DriftTrial.each(this, trial -> {
            DriftTrial.Batch batch = trial.batch(3, 1);
            INDArray together = batch.velocity();
            for (int i = 0; i < 3; i++) {
                float[] alone = Values.of(batch.single(i).velocity());
                double difference = Values.largestDifference(alone, Values.item(together, i));
                require(
                        difference <= 1e-4 * (1 + Values.largest(alone)),
                        "item " + i + " of a batch of 3 has a velocity that differs by up to " + difference
                                + " from that which it has alone: treat each item by itself, with no statistics of the batch");
            }
        });
    }

    @Test
    default void a_drift_leaves_what_it_is_given_as_it_was() {
        DriftTrial.each(this, trial -> {
            DriftTrial.Batch batch = trial.batch(3, 1);
            List<float[]> before = batch.values();
            batch.velocity();
            batch.squaredError();
            List<float[]> after = batch.values();
            for (int i = 0; i < before.size(); i++) {
                require(
                        Arrays.equals(before.get(i), after.get(i)),
                        DriftTrial.Batch.NAMES.get(i) + " was modified: work on a copy");
            }
        });
    }

    /** Within 1e-4 of itself, for the rounding of float32. */
    @Test
    default void the_loss_of_a_drift_is_the_mean_squared_error_of_its_velocity() {
        DriftTrial.each(this, trial -> {
            DriftTrial.Batch batch = trial.batch(3, 1);
            double expected = batch.meanSquaredError();
            double loss = batch.squaredError().loss();
            require(
                    Math.abs(loss - expected) <= 1e-4 * expected,
                    "expected the mean over items and dimensions of (velocity - target)^2, which is " + expected
                            + ", got a loss of " + loss);
        });
    }

    /** By central differences along the gradient itself and along random directions, in eight parts of the parameters in turn; see {@link Slope}. */
    @Test
    default void the_gradient_of_a_drift_is_the_slope_of_its_loss() {
        DriftTrial.each(this, trial -> {
            DriftTrial.Batch batch = trial.batch(3, 1);
            LossGradient found = batch.squaredError();
            long size = trial.network().parameters().length();
            Values.requireShape("a gradient", found.gradient(), size);
            Values.requireFinite("a gradient", found.gradient().reshape(1, size));
            float[] gradient = Values.of(found.gradient());
            for (int part = 0; part < 8; part++) {
                new Slope(batch, gradient, (int) (part * size / 8), (int) ((part + 1) * size / 8)).requireGradient();
            }
        });
    }

    @Test
    default void computing_a_gradient_leaves_the_parameters_as_they_were() {
        DriftTrial.each(this, trial -> {
            float[] before = Values.of(trial.network().parameters());
            trial.batch(3, 1).squaredError();
            require(
                    Arrays.equals(before, Values.of(trial.network().parameters())),
                    "squaredError changed the parameters: it computes a gradient, and the optimiser is the caller's");
        });
    }

    @Test
    default void two_drifts_work_on_two_threads_as_on_one() {
        DriftSignature signature = signatures().get(0);
        List<float[]> alone = List.of(DriftTrial.work(this, signature, 0), DriftTrial.work(this, signature, 1));
        List<float[]> together = Threads.together(2, i -> DriftTrial.work(this, signature, i));
        for (int i = 0; i < 2; i++) {
            require(
                    Values.largestDifference(alone.get(i), together.get(i))
                            <= 1e-4 * (1 + Values.largest(alone.get(i))),
                    "two networks on two threads compute other gradients than one after the other: share no arrays"
                            + " between networks");
        }
    }
}
