package dev.palimpsest.plugins.chain;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.testkit.contract.ForwardModelContract;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.nd4j.linalg.factory.Nd4j;

class ChainContractsTest {
    private static final ForwardModel HALF =
            (x, rng) -> Observations.of(x.mul(.5), Nd4j.valueArrayOf(new long[] {x.size(0), 2}, .5f));

    private static final List<long[]> ITEM_SHAPES = List.of(new long[] {1, 8, 8}, new long[] {3, 8, 4}, new long[] {2});

    @Nested
    class OfTwoModels implements ForwardModelContract {
        @Override
        public ForwardModel forwardModel() {
            return new Chain(List.of(HALF, new Loss(.5)));
        }

        @Override
        public List<long[]> itemShapes() {
            return ITEM_SHAPES;
        }
    }

    @Nested
    class OfOneModel implements ForwardModelContract {
        @Override
        public ForwardModel forwardModel() {
            return new Chain(List.of(new Loss(.5)));
        }

        @Override
        public List<long[]> itemShapes() {
            return ITEM_SHAPES;
        }
    }
}
