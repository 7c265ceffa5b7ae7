package dev.palimpsest.runtime.data;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Name;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.nio.file.Path;

/** Clean grey images from an IDX file: [n, 1, height, width] in [-1, 1]. */
@Name("idx")
@Doc("grey images from an IDX file, the format of MNIST")
public record IdxItems(
        @Doc("the IDX file of images, gzipped or not") Path path,

        @Doc("how many items to take at most; 0 for all") @Range(min = 0)
        int limit,

        @Doc("how many of them are kept from training, for evaluation") @Range(min = 0)
        int holdOut)
        implements DataSource {
    public IdxItems {
        Ranges.check(IdxItems.class, path, limit, holdOut);
    }

    public IdxItems() {
        this(Path.of(""), 0, 0);
    }

    @Override
    public Items open(Places places, RandomStreams streams) {
        return new Items.Clean(Idx.open(path, 0, places.scratch()));
    }
}
