package dev.palimpsest.runtime.plugin;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import java.util.OptionalLong;

/** A drift architecture whose networks are checked. */
final class CheckedDriftArchitecture implements DriftArchitecture {
    private final DriftArchitecture architecture;
    private final Guard guard;

    CheckedDriftArchitecture(DriftArchitecture architecture, Guard guard) {
        this.architecture = architecture;
        this.guard = guard;
    }

    @Override
    public DriftNetwork build(DriftSignature signature, long seed) {
        return new CheckedDriftNetwork(guard.call(() -> architecture.build(signature, seed)), guard);
    }

    @Override
    public OptionalLong memory(DriftSignature signature, int items, boolean withGradient) {
        OptionalLong bytes = guard.call(() -> architecture.memory(signature, items, withGradient));
        if (bytes.isPresent() && bytes.getAsLong() < 0) {
            throw guard.fault("expected memory of at least 0 bytes, got " + bytes.getAsLong());
        }
        return bytes;
    }
}
