package dev.palimpsest.plugins.downsample;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.testkit.contract.ForwardModelContract;

class DownsampleContractTest implements ForwardModelContract {
    @Override
    public ForwardModel forwardModel() {
        return new Downsample();
    }
}
