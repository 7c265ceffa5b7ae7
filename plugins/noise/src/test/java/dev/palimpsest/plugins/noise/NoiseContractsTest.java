package dev.palimpsest.plugins.noise;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.testkit.contract.ForwardModelContract;
import java.util.List;
import org.junit.jupiter.api.Nested;

class NoiseContractsTest {
    /** Items of any shape are taken. */
    interface OfAnyShape extends ForwardModelContract {
        @Override
        default List<long[]> itemShapes() {
            return List.of(new long[] {1, 28, 28}, new long[] {3, 32, 32}, new long[] {2});
        }
    }

    @Nested
    class OfGaussianNoise implements OfAnyShape {
        @Override
        public ForwardModel forwardModel() {
            return new GaussianNoise();
        }
    }

    @Nested
    class OfLinear implements OfAnyShape {
        @Override
        public ForwardModel forwardModel() {
            return new Linear();
        }
    }

    @Nested
    class OfPoissonNoise implements OfAnyShape {
        @Override
        public ForwardModel forwardModel() {
            return new PoissonNoise();
        }
    }
}
