package dev.palimpsest.plugins.mlp;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.testkit.contract.DriftContract;
import java.util.List;

class MlpContractTest implements DriftContract {
    @Override
    public DriftArchitecture architecture() {
        return new Mlp(List.of(32, 32));
    }

    @Override
    public List<DriftSignature> signatures() {
        return List.of(
                new DriftSignature(new long[] {2}, 0, 0),
                new DriftSignature(new long[] {2}, 0, 3),
                new DriftSignature(new long[] {3, 8, 8}, 1, 0));
    }
}
