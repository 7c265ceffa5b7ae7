package dev.palimpsest.plugins.motionblur;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.testkit.contract.ForwardModelContract;

class MotionBlurContractTest implements ForwardModelContract {
    @Override
    public ForwardModel forwardModel() {
        return new MotionBlur();
    }
}
