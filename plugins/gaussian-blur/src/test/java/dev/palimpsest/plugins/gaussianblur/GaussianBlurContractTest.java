package dev.palimpsest.plugins.gaussianblur;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.testkit.contract.ForwardModelContract;

class GaussianBlurContractTest implements ForwardModelContract {
    @Override
    public ForwardModel forwardModel() {
        return new GaussianBlur();
    }
}
