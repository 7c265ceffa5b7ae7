package dev.palimpsest.plugins.masking;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.testkit.contract.ForwardModelContract;
import java.util.List;
import org.junit.jupiter.api.Nested;

class MaskContractsTest {
    @Nested
    class OfRandomMask implements ForwardModelContract {
        @Override
        public ForwardModel forwardModel() {
            return new RandomMask();
        }

        @Override
        public List<long[]> itemShapes() {
            return List.of(new long[] {1, 28, 28}, new long[] {3, 32, 32}, new long[] {2});
        }
    }

    @Nested
    class OfBlockMask implements ForwardModelContract {
        @Override
        public ForwardModel forwardModel() {
            return new BlockMask();
        }
    }

    @Nested
    class OfRandomMaskBehindNoise implements ForwardModelContract {
        @Override
        public ForwardModel forwardModel() {
            return new RandomMask(.5, .1);
        }
    }
}
