package dev.palimpsest.runtime.data;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Name;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.nio.file.Path;
import java.util.Optional;

/** The colour images of CIFAR-10: [n, 3, 32, 32] in [-1, 1]. Source: Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009. */
@Name("cifar10")
@Doc("CIFAR-10: colour images, 32 x 32; palimpsest data cifar10 fetches them")
public record Cifar10(
        @Doc(
                "the folder of data_batch_1.bin to data_batch_5.bin, or one such file; gzipped or not; without, what palimpsest data cifar10 has fetched")
        Optional<Path> path,

        @Doc("how many items to take at most; 0 for all") @Range(min = 0)
        int limit,

        @Doc("how many of them are kept from training, for evaluation") @Range(min = 0)
        int holdOut)
        implements DataSource {
    public Cifar10 {
        Ranges.check(Cifar10.class, path, limit, holdOut);
    }

    public Cifar10() {
        this(Optional.empty(), 0, 1000);
    }

    @Override
    public Items open(Places places, RandomStreams streams) {
        return new Items.Clean(
                CifarFiles.open(path.orElseGet(() -> Published.CIFAR10.folder(places.downloads())), places.scratch()));
    }
}
