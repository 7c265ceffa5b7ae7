package dev.palimpsest.plugins.tomography;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.testkit.contract.ForwardModelContract;

class RandomProjectionContractTest implements ForwardModelContract {
    @Override
    public ForwardModel forwardModel() {
        return new RandomProjection();
    }
}
