package dev.palimpsest.runtime.data;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Name;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.nio.file.Path;

/** Clean images from a folder of PNG and JPEG files of one size, in the order of their names: [n, channels, height, width] in [-1, 1]. */
@Name("images")
@Doc("a folder of PNG and JPEG images of one size: grey ones have one channel, colour ones three")
public record ImageItems(
        @Doc("the folder of images") Path path,

        @Doc("how many items to take at most; 0 for all") @Range(min = 0)
        int limit,

        @Doc("how many of them are kept from training, for evaluation") @Range(min = 0)
        int holdOut)
        implements DataSource {
    public ImageItems {
        Ranges.check(ImageItems.class, path, limit, holdOut);
    }

    public ImageItems() {
        this(Path.of(""), 0, 0);
    }

    @Override
    public Items read(Path home, RandomStreams streams) {
        return new Items.Clean(ImageFolder.read(path));
    }
}
