package dev.palimpsest.plugins.saturation;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.testkit.contract.ForwardModelContract;

class SaturationContractTest implements ForwardModelContract {
    @Override
    public ForwardModel forwardModel() {
        return new Saturation();
    }
}
