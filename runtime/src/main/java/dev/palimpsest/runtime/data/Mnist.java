package dev.palimpsest.runtime.data;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Name;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.nio.file.Path;
import java.util.Optional;

/** Grey images of digits, 28 x 28 in a frame of background: [n, 1, 32, 32] in [-1, 1]. Source: LeCun, Cortes and Burges, "The MNIST database". */
@Name("mnist")
@Doc("MNIST: grey images of digits, 28 x 28 in a frame to 32 x 32; palimpsest data mnist fetches them")
public record Mnist(
        @Doc(
                "an IDX file of images, or a folder that holds train-images-idx3-ubyte or t10k-images-idx3-ubyte, gzipped or not; without, what palimpsest data mnist has fetched")
        Optional<Path> path,

        @Doc("how many items to take at most; 0 for all") @Range(min = 0)
        int limit,

        @Doc("how many of them are kept from training, for evaluation") @Range(min = 0)
        int holdOut)
        implements DataSource {
    public Mnist {
        Ranges.check(Mnist.class, path, limit, holdOut);
    }

    public Mnist() {
        this(Optional.empty(), 0, 1000);
    }

    @Override
    public Items open(Places places, RandomStreams streams) {
        return new Items.Clean(
                MnistFiles.open(path.orElseGet(() -> Published.MNIST.folder(places.downloads())), places.scratch()));
    }
}
