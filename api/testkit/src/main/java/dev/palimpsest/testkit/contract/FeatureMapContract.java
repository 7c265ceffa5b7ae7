package dev.palimpsest.testkit.contract;

import static dev.palimpsest.testkit.contract.Values.require;

import dev.palimpsest.api.FeatureMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What {@link FeatureMap} promises. */
public interface FeatureMapContract {
    FeatureMap featureMap();

    /** Shapes of items that the map takes, without the batch dimension. */
    default List<long[]> featureItemShapes() {
        return List.of(new long[] {1, 32, 32}, new long[] {3, 32, 32});
    }

    @Test
    default void a_feature_map_is_a_public_record_with_defaults() {
        Declaration.requirePublicRecordWithDefaults(featureMap());
    }

    @Test
    default void a_feature_map_refuses_values_out_of_range() {
        Declaration.requireRangesEnforced(featureMap());
    }

    @Test
    default void a_feature_map_has_a_name_and_a_checksum() {
        FeatureMap map = featureMap();
        require(
                map.name() != null && !map.name().isBlank(),
                "expected the name of the features, got " + map.name() + ": return what people call them");
        require(
                map.checksum() != null && map.checksum().matches("[0-9a-f]{64}"),
                "expected a checksum of 64 hexadecimal digits, got " + map.checksum()
                        + ": return the SHA-256 of the weights");
    }

    @Test
    default void features_are_a_row_an_item_of_one_length() {
        FeatureTrial.each(this, trial -> {
            int d = Values.of(trial.features(trial.items(1, 1))).length;
            for (int n : new int[] {1, 2, 5, 70}) {
                INDArray features = trial.features(trial.items(n, n));
                Values.requireShape("features", features, n, d);
                Values.requireFinite("features", features);
            }
        });
    }

    @Test
    default void the_items_of_features_are_left_as_they_were() {
        FeatureTrial.each(this, trial -> {
            INDArray x = trial.items(3, 1);
            float[] before = Values.of(x);
            trial.features(x).assign(7);
            require(
                    Arrays.equals(before, Values.of(x)),
                    "of(x), or writing to what it returned, modified x: work on a copy, x.dup()");
        });
    }

    @Test
    default void later_features_leave_earlier_ones_as_they_were() {
        FeatureTrial.each(this, trial -> {
            INDArray first = trial.features(trial.items(3, 1));
            float[] before = Values.of(first);
            trial.features(trial.items(3, 2));
            require(
                    Arrays.equals(before, Values.of(first)),
                    "a second call changed what the first had returned: return new arrays at every call");
        });
    }

    @Test
    default void the_same_items_have_the_same_features() {
        FeatureTrial.each(this, trial -> {
            INDArray x = trial.items(3, 1);
            float[] first = Values.of(trial.features(x));
            trial.features(trial.items(2, 2));
            require(
                    Arrays.equals(first, Values.of(trial.features(x))),
                    "expected the same features of the same items, got others: draw nothing, and keep no state between"
                            + " calls");
        });
    }

    /** Within 1e-5 of the largest value, because libraries take float32 sums in an order that may depend on the size of the batch. */
    @Test
    default void the_features_of_an_item_do_not_depend_on_the_others() {
        FeatureTrial.each(this, trial -> {
            INDArray x = trial.items(70, 1);
            INDArray together = trial.features(x);
            for (int i : new int[] {0, 1, 69}) {
                trial.requireAlike(
                        Values.item(together, i),
                        Values.of(trial.features(Values.single(x, i))),
                        "the same features of an item alone and beside 69 others",
                        "treat each item by itself");
            }
        });
    }

    /** Within 1e-5 of the largest value, because the order in which float32 sums are taken may follow that of the array. */
    @Test
    default void the_items_of_features_may_lie_in_memory_in_any_order() {
        FeatureTrial.each(this, trial -> {
            INDArray x = trial.items(3, 1);
            trial.requireAlike(
                    Values.of(trial.features(x)),
                    Values.of(trial.features(x.dup('f'))),
                    "the same features of the same items in column-major order",
                    "read x through x.dup('c'), not through x.data()");
        });
    }

    @Test
    default void several_threads_get_the_features_that_one_gets() {
        FeatureTrial.each(this, trial -> {
            List<float[]> expected = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                expected.add(Values.of(trial.features(trial.items(2, i))));
            }
            List<Boolean> kept = Threads.together(4, i -> {
                boolean same = true;
                for (int repeat = 0; repeat < 4; repeat++) {
                    same &= Arrays.equals(expected.get(i), Values.of(trial.features(trial.items(2, i))));
                }
                return same;
            });
            require(
                    !kept.contains(false),
                    "4 threads at once got other features than one thread: keep no state in fields, and share no buffers"
                            + " between calls");
        });
    }
}
