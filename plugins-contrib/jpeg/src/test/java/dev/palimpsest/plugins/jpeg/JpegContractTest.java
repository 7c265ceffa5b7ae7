package dev.palimpsest.plugins.jpeg;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.testkit.contract.ForwardModelContract;

class JpegContractTest implements ForwardModelContract {
    @Override
    public ForwardModel forwardModel() {
        return new Jpeg();
    }
}
