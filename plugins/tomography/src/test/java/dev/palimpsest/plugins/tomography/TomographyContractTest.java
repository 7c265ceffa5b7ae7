package dev.palimpsest.plugins.tomography;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.testkit.contract.ForwardModelContract;

class TomographyContractTest implements ForwardModelContract {
    @Override
    public ForwardModel forwardModel() {
        return new Tomography();
    }
}
