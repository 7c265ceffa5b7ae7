package dev.palimpsest.plugins.unet;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.Name;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.Arrays;
import java.util.List;

/** The U-Net of Dhariwal and Nichol, "Diffusion Models Beat GANs on Image Synthesis", arXiv 2105.05233 (ADM), for images [channels, height, width]. */
@Name("unet")
@Doc("the U-Net of Dhariwal and Nichol, for images")
public record UNet(
        @Doc("channels at the full resolution; an even number") @Range(min = 2) int channels,
        @Doc("channels of each level, from the finest, as multiples of that; each level has half the resolution of the one before") @Range(min = 1)
                List<Integer> multipliers,
        @Doc("residual blocks of each level") @Range(min = 1) int blocks,
        @Doc("the heights of images at which there is attention, beside that at the coarsest") @Range(min = 1) List<Integer> attention)
        implements DriftArchitecture {
    public UNet {
        Ranges.check(UNet.class, channels, multipliers, blocks, attention);
        if (channels % 2 != 0) {
            throw new IllegalArgumentException("channels must be even, got " + channels);
        }
        if (multipliers.isEmpty() || multipliers.size() > 10) {
            throw new IllegalArgumentException("multipliers must be 1 to 10 numbers, one a level, got " + multipliers.size());
        }
        multipliers = List.copyOf(multipliers);
        attention = List.copyOf(attention);
    }

    /** The preset of arXiv 2512.10857: 31.0 million parameters for images of three channels. */
    public UNet() {
        this(64, List.of(1, 2, 3, 4), 3, List.of(16, 8));
    }

    /** Channels at a level. */
    int width(int level) {
        return channels * multipliers.get(level);
    }

    @Override
    public DriftNetwork build(DriftSignature signature, long seed) {
        if (signature.itemShape().length != 3) {
            throw new IllegalArgumentException("a unet takes images [channels, height, width], got items of shape "
                    + Arrays.toString(signature.itemShape()) + "; the drift \"mlp\" takes those");
        }
        return new UNetNetwork(this, signature, seed);
    }
}
