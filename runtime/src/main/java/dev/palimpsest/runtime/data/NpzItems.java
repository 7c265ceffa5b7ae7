package dev.palimpsest.runtime.data;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Name;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.nio.file.Path;
import java.util.Optional;

/** Clean items from an array of a .npz file, taken as they are: images must already be scaled to [-1, 1]. */
@Name("npz")
@Doc("clean items from an array of a .npz file, already scaled: vectors [n, d] or images [n, channels, height, width]")
public record NpzItems(
        @Doc("the .npz file") Path path,

        @Doc("the array's name; may be left out where the file has one only")
        Optional<String> array,

        @Doc("how many items to take at most; 0 for all") @Range(min = 0)
        int limit,

        @Doc("how many of them are kept from training, for evaluation") @Range(min = 0)
        int holdOut)
        implements DataSource {
    public NpzItems {
        Ranges.check(NpzItems.class, path, array, limit, holdOut);
    }

    public NpzItems() {
        this(Path.of(""), Optional.empty(), 0, 0);
    }

    @Override
    public Items open(Places places, RandomStreams streams) {
        return new Items.Clean(new FiniteItems(Npz.open(path, array, places.scratch())));
    }
}
