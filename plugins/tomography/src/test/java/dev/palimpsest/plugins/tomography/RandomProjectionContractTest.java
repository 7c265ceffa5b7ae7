package dev.palimpsest.plugins.tomography;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.testkit.contract.ForwardModelContract;
import java.util.List;

class RandomProjectionContractTest implements ForwardModelContract {
    @Override
    public ForwardModel forwardModel() {
        return new RandomProjection();
    }

    @Override
    public List<long[]> itemShapes() {
        return List.of(new long[] {1}, new long[] {2}, new long[] {5});
    }
}
