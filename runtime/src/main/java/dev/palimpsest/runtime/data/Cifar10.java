package dev.palimpsest.runtime.data;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Name;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.nio.file.Path;
import java.util.Optional;

/** The colour images of CIFAR-10: [n, 3, 32, 32] in [-1, 1]. Source: Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009. */
@Name("cifar10")
@Doc("CIFAR-10: colour images, 32 x 32; they do not come with Palimpsest")
public record Cifar10(
        @Doc("the folder of data_batch_1.bin to data_batch_5.bin, or one such file; gzipped or not")
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
    public Items read(Path home, RandomStreams streams) {
        return new Items.Clean(CifarFiles.read(path.orElseThrow(
                () -> new DataException("cifar10: expected a path, for CIFAR-10 does not come with Palimpsest; unpack"
                        + " cifar-10-binary.tar.gz of https://www.cs.toronto.edu/~kriz/cifar.html and set data.path to its"
                        + " folder cifar-10-batches-bin"))));
    }
}
