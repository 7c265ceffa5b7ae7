package dev.palimpsest.plugins.unet;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.FusedKernels;
import dev.palimpsest.api.Name;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.List;
import java.util.OptionalLong;

/**
 * The U-Net of Dhariwal and Nichol, "Diffusion Models Beat GANs on Image Synthesis" (arXiv 2105.05233), for items [channels, height, width] of any size.
 *
 * <p>Heights and widths that do not halve evenly at every level are padded with zeros, and the output is cropped. Conditioning maps are
 * further input channels; conditioning vectors are embedded and added to the embedding of the time.
 *
 * @param channels width of the first level
 * @param multipliers width of each level, finest first, as multiples of {@code channels}; each level after the first halves height and width
 * @param blocks residual blocks of each level on the way down (one more on the way up)
 * @param attention heights, after padding, at which each residual block is followed by self-attention
 * @param middle whether there is self-attention in the middle, too, at the coarsest level; its cost grows with the square of the pixels there
 */
@Name("unet")
@Doc("The Dhariwal-Nichol U-Net, for images of any size.")
public record UNet(
        @Doc("Width of the first level.") @Range(min = 2) int channels,

        @Doc("Width of each level as a multiple of channels; each further level halves the image.") @Range(min = 1)
        List<Integer> multipliers,

        @Doc("Residual blocks of each level.") @Range(min = 1)
        int blocks,

        @Doc("Image heights at which there is self-attention.") @Range(min = 1)
        List<Integer> attention,

        @Doc("Whether the middle has self-attention, too; without it, memory grows only as the pixels do.")
        boolean middle)
        implements DriftArchitecture {
    public UNet() {
        this(64, List.of(1, 2, 3, 4), 3, List.of(16, 8), true);
    }

    /** With self-attention in the middle. */
    public UNet(int channels, List<Integer> multipliers, int blocks, List<Integer> attention) {
        this(channels, multipliers, blocks, attention, true);
    }

    public UNet {
        multipliers = List.copyOf(multipliers);
        attention = List.copyOf(attention);
        Ranges.check(UNet.class, channels, multipliers, blocks, attention, middle);
        if (multipliers.isEmpty() || multipliers.size() > 16) {
            throw new IllegalArgumentException(
                    "multipliers must name 1 to 16 levels, like [1, 2, 2], got " + multipliers);
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>The network runs on every backend of ND4J: with kernels of its own where {@link FusedKernels#allowed} says so, else with ND4J's operations.
     *
     * @throws IllegalArgumentException for items that are not [channels, height, width]
     */
    @Override
    public DriftNetwork build(DriftSignature signature, long seed) {
        return new UNetNetwork(new UNetGraph(this, signature, Engine.allowed()), seed);
    }

    @Override
    public OptionalLong memory(DriftSignature signature, int items, boolean withGradient) {
        return OptionalLong.of(new UNetGraph(this, signature, Engine.allowed()).memory(items, withGradient));
    }
}
