package dev.palimpsest.runtime.data;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Name;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.nio.file.Path;

/** Clean colour images in the binary layout of CIFAR-10: [n, 3, 32, 32] in [-1, 1]. */
@Name("cifar")
@Doc("colour images, 32 x 32, in the binary layout of CIFAR-10")
public record Cifar(
        @Doc("a file, gzipped or not, or a folder of *.bin and *.bin.gz, of which test_batch is left out")
        Path path,

        @Doc("how many items to take at most; 0 for all") @Range(min = 0)
        int limit,

        @Doc("how many of them are kept from training, for evaluation") @Range(min = 0)
        int holdOut)
        implements DataSource {
    public Cifar {
        Ranges.check(Cifar.class, path, limit, holdOut);
    }

    public Cifar() {
        this(Path.of(""), 0, 0);
    }

    @Override
    public Items open(Places places, RandomStreams streams) {
        return new Items.Clean(CifarFiles.open(path, places.scratch()));
    }
}
