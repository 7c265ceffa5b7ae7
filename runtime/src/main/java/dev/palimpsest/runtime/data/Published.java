package dev.palimpsest.runtime.data;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A public data set and the files in which it is published.
 *
 * @param about what it is, and under which terms
 * @param unpack the folder inside a tar archive whose files are taken out of it; empty if the files are used as they are
 */
public record Published(String name, String about, List<PublishedFile> files, Optional<String> unpack) {
    private static final String FASHION =
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/b2617bb6d3ffa2e429640350f613e3291e10b141/data/fashion/";
    private static final List<String> DIGITS = List.of(
            "https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/");

    static final Published FASHION_MNIST = new Published(
            "fashion-mnist",
            "60,000 and 10,000 grey images of clothes, 28 x 28; Xiao, Rasul and Vollgraf 2017, MIT licence",
            List.of(
                    file(
                            "train-images-idx3-ubyte.gz",
                            26_421_880,
                            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                            List.of(FASHION)),
                    file(
                            "t10k-images-idx3-ubyte.gz",
                            4_422_102,
                            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                            List.of(FASHION))),
            Optional.empty());

    static final Published MNIST = new Published(
            "mnist",
            "60,000 and 10,000 grey images of digits, 28 x 28; LeCun, Cortes and Burges 1998",
            List.of(
                    file(
                            "train-images-idx3-ubyte.gz",
                            9_912_422,
                            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                            DIGITS),
                    file(
                            "t10k-images-idx3-ubyte.gz",
                            1_648_877,
                            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                            DIGITS)),
            Optional.empty());

    static final Published CIFAR10 = new Published(
            "cifar10",
            "50,000 and 10,000 colour images, 32 x 32, in ten classes; Krizhevsky 2009, for research, cite it",
            List.of(file(
                    "cifar-10-binary.tar.gz",
                    170_052_171,
                    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
                    List.of("https://www.cs.toronto.edu/~kriz/"))),
            Optional.of("cifar-10-batches-bin"));

    public static final List<Published> ALL = List.of(FASHION_MNIST, MNIST, CIFAR10);

    private static PublishedFile file(String name, long bytes, String sha256, List<String> folders) {
        return new PublishedFile(
                name,
                bytes,
                sha256,
                folders.stream().map(folder -> URI.create(folder + name)).toList());
    }

    /** Where it lies once it has been fetched. */
    Path place(Path downloads) {
        return downloads.resolve(name);
    }

    /**
     * The folder of what was fetched.
     *
     * @throws DataException if it was not
     */
    Path folder(Path downloads) {
        if (!Files.isDirectory(place(downloads))) {
            throw new DataException(name + ": expected it in " + place(downloads) + ", where palimpsest data " + name
                    + " puts it, but there is nothing; call that, or set data.path");
        }
        return place(downloads);
    }
}
