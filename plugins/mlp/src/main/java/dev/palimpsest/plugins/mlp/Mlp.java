package dev.palimpsest.plugins.mlp;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.FusedKernels;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.List;
import java.util.OptionalLong;

/**
 * A multilayer perceptron with SiLU between its layers, on the concatenation of x, the conditioning and sines and cosines of t, all flattened.
 *
 * @param widths the sizes of the hidden layers
 */
@Doc("A multilayer perceptron; images and maps are flattened.")
public record Mlp(
        @Doc("Sizes of the hidden layers.") @Range(min = 1) List<Integer> widths) implements DriftArchitecture {
    public Mlp() {
        this(List.of(256, 256, 256));
    }

    public Mlp {
        widths = List.copyOf(widths);
        Ranges.check(Mlp.class, widths);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The network runs on every backend of ND4J: with kernels of its own where {@link FusedKernels#allowed} says so, else with ND4J's operations.
     *
     * @throws IllegalArgumentException for conditioning maps of items that are not [channels, height, width], or maps and vectors together
     */
    @Override
    public DriftNetwork build(DriftSignature signature, long seed) {
        return new MlpNetwork(new MlpInput(signature), widths, seed);
    }

    @Override
    public OptionalLong memory(DriftSignature signature, int items, boolean withGradient) {
        return OptionalLong.of(MlpNetwork.memory(new MlpInput(signature), widths, items, withGradient));
    }
}
