package dev.palimpsest.plugins.unet;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.testkit.contract.DriftContract;
import java.util.List;

class UNetContractTest implements DriftContract {
    @Override
    public DriftArchitecture architecture() {
        return new UNet(8, List.of(1, 2), 1, List.of(4));
    }
}
