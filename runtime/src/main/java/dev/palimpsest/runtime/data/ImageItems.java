package dev.palimpsest.runtime.data;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Name;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Clean images from a folder of PNG, JPEG and TIFF files, in the order of their paths: [n, channels, height, width] in [-1, 1]. */
@Name("images")
@Doc(
        "a folder of PNG, JPEG and TIFF images, also in folders inside: grey ones have one channel, colour ones three; they"
                + " must be of one size and kind, unless resize, crop or channels make them alike")
public record ImageItems(
        @Doc("the folder of images; they are sorted by their paths")
        Path path,

        @Doc(
                "[height, width] to which all are scaled, bilinearly; shrinking averages, and each direction has its own factor")
        Optional<List<Integer>> resize,

        @Doc("[height, width] of the middle to which all are cut, after resize")
        Optional<List<Integer>> crop,

        @Doc("1 to make colour images grey, 3 to give grey images three equal channels")
        Optional<Integer> channels,

        @Doc(Patch.SIZE) Optional<List<Integer>> patch,

        @Doc(Patch.MARGIN) @Range(min = 0) Optional<Integer> margin,

        @Doc(Patch.AUGMENT) boolean augment,

        @Doc("how many items to take at most; 0 for all") @Range(min = 0)
        int limit,

        @Doc("how many of them are kept from training, for evaluation") @Range(min = 0)
        int holdOut)
        implements DataSource {
    public ImageItems {
        Ranges.check(ImageItems.class, path, resize, crop, channels, patch, margin, augment, limit, holdOut);
        new Fitting(resize, crop, channels);
        Patch.of(patch, margin, augment);
    }

    public ImageItems() {
        this(Path.of(""), 0, 0);
    }

    /** The images of a folder as they are. */
    public ImageItems(Path path, int limit, int holdOut) {
        this(
                path,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                limit,
                holdOut);
    }

    @Override
    public Optional<Patch> patches() {
        return Patch.of(patch, margin, augment);
    }

    @Override
    public Items open(Places places, RandomStreams streams) {
        return new Items.Clean(ImageFiles.open(path, new Fitting(resize, crop, channels)));
    }
}
