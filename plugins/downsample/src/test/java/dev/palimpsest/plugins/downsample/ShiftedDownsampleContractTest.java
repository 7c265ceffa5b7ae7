package dev.palimpsest.plugins.downsample;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.testkit.contract.ForwardModelContract;

class ShiftedDownsampleContractTest implements ForwardModelContract {
    @Override
    public ForwardModel forwardModel() {
        return new Downsample(2, .05, true, .3);
    }
}
