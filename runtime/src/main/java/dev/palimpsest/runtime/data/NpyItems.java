package dev.palimpsest.runtime.data;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Name;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.nio.file.Path;

/** Clean items from a .npy file, taken as they are: images must already be scaled to [-1, 1]. */
@Name("npy")
@Doc("clean items from a .npy file, already scaled: vectors [n, d] or images [n, channels, height, width]")
public record NpyItems(
        @Doc("the .npy file") Path path,

        @Doc("how many items to take at most; 0 for all") @Range(min = 0)
        int limit,

        @Doc("how many of them are kept from training, for evaluation") @Range(min = 0)
        int holdOut)
        implements DataSource {
    public NpyItems {
        Ranges.check(NpyItems.class, path, limit, holdOut);
    }

    public NpyItems() {
        this(Path.of(""), 0, 0);
    }

    @Override
    public Items open(Places places, RandomStreams streams) {
        return new Items.Clean(new FiniteItems(NpyFile.open(path)));
    }
}
