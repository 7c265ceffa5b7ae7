package dev.palimpsest.runtime.data;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Name;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Grey images of clothes, 28 x 28 in a frame of background: [n, 1, 32, 32] in [-1, 1]. Source: Xiao, Rasul and Vollgraf, "Fashion-MNIST", 2017. The
 * 10,000 test images come with Palimpsest.
 */
@Name("fashion-mnist")
@Doc(
        "Fashion-MNIST: grey images of clothes, 28 x 28 in a frame to 32 x 32; without a path, the 10,000 test images that come with Palimpsest")
public record FashionMnist(
        @Doc(
                "an IDX file of images, or a folder that holds train-images-idx3-ubyte or t10k-images-idx3-ubyte, gzipped or not")
        Optional<Path> path,

        @Doc("how many items to take at most; 0 for all") @Range(min = 0)
        int limit,

        @Doc("how many of them are kept from training, for evaluation") @Range(min = 0)
        int holdOut)
        implements DataSource {
    private static final String PACKAGED = "recipes/data/fashion-mnist/t10k-images-idx3-ubyte.gz";

    public FashionMnist {
        Ranges.check(FashionMnist.class, path, limit, holdOut);
    }

    public FashionMnist() {
        this(Optional.empty(), 0, 1000);
    }

    @Override
    public Items open(Places places, RandomStreams streams) {
        return new Items.Clean(MnistFiles.open(path.orElseGet(() -> packagedOrFetched(places)), places.scratch()));
    }

    private static Path packagedOrFetched(Places places) {
        Path packaged = places.home().resolve(PACKAGED);
        return Files.exists(packaged) ? packaged : Published.FASHION_MNIST.folder(places.downloads());
    }
}
