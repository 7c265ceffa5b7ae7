package dev.palimpsest.plugins.classifiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.FeatureMap;
import dev.palimpsest.testkit.contract.FeatureMapContract;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ClassifiersTest {
    @Nested
    class Fashion implements FeatureMapContract {
        @Override
        public FeatureMap featureMap() {
            return new FashionClassifier();
        }

        @Override
        public List<long[]> featureItemShapes() {
            return List.of(new long[] {1, 32, 32});
        }
    }

    @Nested
    class Cifar implements FeatureMapContract {
        @Override
        public FeatureMap featureMap() {
            return new CifarClassifier();
        }

        @Override
        public List<long[]> featureItemShapes() {
            return List.of(new long[] {3, 32, 32});
        }
    }

    /** The sequence of golden.py. */
    private static INDArray items(long... shape) {
        long length = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        float[] values = new float[(int) length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (((long) i * i * 7 + i * 13L + 5) % 256 / 127.5 - 1);
        }
        return Nd4j.createFromArray(values).reshape('c', shape);
    }

    private static float[] golden(String name) throws IOException {
        try (InputStream in = ClassifiersTest.class.getResourceAsStream("golden.csv")) {
            List<String> cells = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(name + ","))
                    .flatMap(line -> Arrays.stream(line.split(",")).skip(1))
                    .toList();
            float[] values = new float[cells.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = Float.parseFloat(cells.get(i));
            }
            return values;
        }
    }

    private static void requireGolden(FeatureMap map, int channels) throws IOException {
        float[] features = map.of(items(3, channels, 32, 32)).dup('c').data().asFloat();
        float[] golden = golden(map.name());
        float largest = 0;
        for (float value : golden) {
            largest = Math.max(largest, Math.abs(value));
        }
        // float32 against double precision: sums of up to 1024 products, through four layers
        assertThat(features).containsExactly(golden, within(1e-5f * (1 + largest)));
    }

    @Test
    void the_features_are_those_that_numpy_computes_from_the_weights() throws IOException {
        requireGolden(new FashionClassifier(), 1);
        requireGolden(new CifarClassifier(), 3);
    }

    @Test
    void the_weights_are_those_that_the_golden_values_were_made_with() {
        assertThat(new FashionClassifier().checksum())
                .isEqualTo("36b508e7e3bc3287acfb6378df69ac6c5bbd32fa4ea0f147381fc30316896330");
        assertThat(new CifarClassifier().checksum())
                .isEqualTo("83b3325c2274fbee2edcf261f3828fd6560e16154cca3dc1dc24786340af9e83");
    }

    @Test
    void items_of_another_shape_are_refused_in_words() {
        assertThatThrownBy(() -> new FashionClassifier().of(items(2, 1, 28, 28)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "fashion-classifier takes items of shape [1, 32, 32], got [1, 28, 28]; take the features of an"
                                + " ONNX model, or leave them out");
        assertThatThrownBy(() -> new CifarClassifier().of(items(5, 2)))
                .hasMessageStartingWith("cifar-classifier takes items of shape [3, 32, 32], got [2]");
    }
}
