package dev.palimpsest.runtime.data;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Name;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Clean items from a .npy file, taken as they are: images must already be scaled to [-1, 1]. */
@Name("npy")
@Doc("clean items from a .npy file, already scaled: vectors [n, d] or images [n, channels, height, width]")
public record NpyItems(
        @Doc("the .npy file") Path path,

        @Doc(Patch.SIZE) Optional<List<Integer>> patch,

        @Doc(Patch.MARGIN) @Range(min = 0) Optional<Integer> margin,

        @Doc(Patch.AUGMENT) boolean augment,

        @Doc("how many items to take at most; 0 for all") @Range(min = 0)
        int limit,

        @Doc("how many of them are kept from training, for evaluation") @Range(min = 0)
        int holdOut)
        implements DataSource {
    public NpyItems {
        Ranges.check(NpyItems.class, path, patch, margin, augment, limit, holdOut);
        Patch.of(patch, margin, augment);
    }

    public NpyItems() {
        this(Path.of(""), 0, 0);
    }

    /** The items of a file, taken whole. */
    public NpyItems(Path path, int limit, int holdOut) {
        this(path, Optional.empty(), Optional.empty(), false, limit, holdOut);
    }

    @Override
    public Optional<Patch> patches() {
        return Patch.of(patch, margin, augment);
    }

    @Override
    public Items open(Places places, RandomStreams streams) {
        return new Items.Clean(new FiniteItems(NpyFile.open(path)));
    }
}
