package dev.palimpsest.runtime.plugin;

import dev.palimpsest.api.FeatureMap;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A feature map whose results are checked. */
final class CheckedFeatureMap implements FeatureMap {
    private final FeatureMap map;
    private final Guard guard;

    CheckedFeatureMap(FeatureMap map, Guard guard) {
        this.map = map;
        this.guard = guard;
    }

    @Override
    public INDArray of(INDArray x) {
        INDArray features = guard.floats("features", guard.callWith(x, () -> map.of(x)));
        if (features.rank() != 2 || features.size(0) != x.size(0) || features.size(1) == 0) {
            throw guard.fault(
                    "expected features of shape [" + x.size(0) + ", d], got " + Arrays.toString(features.shape()));
        }
        guard.requireOwn(features, x);
        guard.requireFinite("", features);
        return features;
    }

    @Override
    public String name() {
        return guard.call(map::name);
    }

    @Override
    public String checksum() {
        return guard.call(map::checksum);
    }
}
