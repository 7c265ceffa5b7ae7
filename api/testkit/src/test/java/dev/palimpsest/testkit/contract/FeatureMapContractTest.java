package dev.palimpsest.testkit.contract;

import dev.palimpsest.api.FeatureMap;
import dev.palimpsest.api.Range;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class FeatureMapContractTest {
    private record Trial(FeatureMap featureMap) implements FeatureMapContract {
        @Override
        public List<long[]> featureItemShapes() {
            return List.of(new long[] {1, 4, 6});
        }
    }

    private static INDArray rows(INDArray x) {
        return x.dup('c').reshape('c', x.size(0), x.length() / x.size(0));
    }

    /** The items themselves, as rows: it keeps all promises, and those below break one each. */
    interface Pixels extends FeatureMap {
        @Override
        default INDArray of(INDArray x) {
            return rows(x);
        }

        @Override
        default String name() {
            return "pixels";
        }

        @Override
        default String checksum() {
            return "0".repeat(64);
        }
    }

    public record Sound() implements Pixels {}

    public record Hidden(int size) implements Pixels {}

    public record Unchecked(@Range(min = 1) int size) implements Pixels {
        public Unchecked() {
            this(1);
        }
    }

    public record Nameless() implements Pixels {
        @Override
        public String name() {
            return " ";
        }
    }

    public record Unsigned() implements Pixels {
        @Override
        public String checksum() {
            return "none";
        }
    }

    public record Unflattened() implements Pixels {
        @Override
        public INDArray of(INDArray x) {
            return x.dup('c');
        }
    }

    public record InPlace() implements Pixels {
        @Override
        public INDArray of(INDArray x) {
            return x.reshape('c', x.size(0), x.length() / x.size(0));
        }
    }

    public record Buffered() implements Pixels {
        private static INDArray buffer;

        @Override
        public INDArray of(INDArray x) {
            INDArray features = rows(x);
            buffer = buffer != null && buffer.equalShapes(features) ? buffer.assign(features) : features;
            return buffer;
        }
    }

    public record Counting() implements Pixels {
        private static int calls;

        @Override
        public INDArray of(INDArray x) {
            return rows(x).addi(calls++);
        }
    }

    /** Subtracts the mean over the batch. */
    public record Centred() implements Pixels {
        @Override
        public INDArray of(INDArray x) {
            INDArray features = rows(x);
            return features.subiRowVector(features.mean(0));
        }
    }

    public record InMemoryOrder() implements Pixels {
        @Override
        public INDArray of(INDArray x) {
            return x.dup(x.ordering()).reshape(x.ordering(), x.size(0), x.length() / x.size(0));
        }
    }

    public record Racing() implements Pixels {
        private static final Shelf<INDArray> SHELF = new Shelf<>();

        @Override
        public INDArray of(INDArray x) {
            return SHELF.through(rows(x));
        }
    }

    @Nested
    class ASoundFeatureMap implements FeatureMapContract {
        @Override
        public FeatureMap featureMap() {
            return new Sound();
        }
    }

    static Stream<Broken<FeatureMap>> broken() {
        return Stream.of(
                new Broken<>(
                        new Hidden(2),
                        "a feature map is a public record with defaults",
                        "no public constructor without"),
                new Broken<>(
                        new Unchecked(),
                        "a feature map refuses values out of range",
                        "expected Unchecked to refuse size = 0"),
                new Broken<>(
                        new Nameless(), "a feature map has a name and a checksum", "expected the name of the features"),
                new Broken<>(
                        new Unsigned(),
                        "a feature map has a name and a checksum",
                        "expected a checksum of 64 hexadecimal digits, got none"),
                new Broken<>(
                        new Unflattened(),
                        "features are a row an item of one length",
                        "expected features of shape [1, 24], got [1, 1, 4, 6]"),
                new Broken<>(new InPlace(), "the items of features are left as they were", "work on a copy, x.dup()"),
                new Broken<>(
                        new Buffered(),
                        "later features leave earlier ones as they were",
                        "return new arrays at every call"),
                new Broken<>(new Counting(), "the same items have the same features", "keep no state between calls"),
                new Broken<>(
                        new Centred(),
                        "the features of an item do not depend on the others",
                        "treat each item by itself"),
                new Broken<>(
                        new InMemoryOrder(),
                        "the items of features may lie in memory in any order",
                        "read x through x.dup('c')"),
                new Broken<>(
                        new Racing(),
                        "several threads get the features that one gets",
                        "4 threads at once got other features than one thread"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void a_broken_promise_is_noticed(Broken<FeatureMap> broken) {
        broken.isNoticed(FeatureMapContract.class, new Trial(broken.implementation()));
    }

    @Test
    void every_check_notices_something() {
        Broken.requireOneForEachCheck(FeatureMapContract.class, new Trial(new Sound()), broken().toList());
    }
}
