package dev.palimpsest.runtime.data;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Name;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Observations of which the clean items are unknown, in any format that clean items may have, told by their content; what is known of each one's
 * corruption lies beside them, row by row: in conditioning.npy in the same folder, or in the array conditioning of the same .npz file. The arrays of .npy
 * and .npz files are taken as they are: images must already be scaled to [-1, 1].
 */
@Name("observations")
@Doc(
        "real observations: a folder of y.npy, of y.npz, of images (also in folders inside) or of CIFAR-10's binary files, or one .npy,"
                + " .npz, IDX or CIFAR file; beside them, if anything is known of each corruption, conditioning.npy with as many"
                + " rows, or in a .npz the arrays y and conditioning")
public record ObservedItems(
        @Doc("the folder or file of observations") Path path,

        @Doc(
                "[height, width] to which images are scaled, bilinearly; shrinking averages, and each direction has its own factor")
        Optional<List<Integer>> resize,

        @Doc("[height, width] of the middle to which images are cut, after resize")
        Optional<List<Integer>> crop,

        @Doc("1 to make colour images grey, 3 to give grey images three equal channels")
        Optional<Integer> channels,

        @Doc(Patch.SIZE) Optional<List<Integer>> patch,

        @Doc(Patch.MARGIN) @Range(min = 0) Optional<Integer> margin,

        @Doc(Patch.AUGMENT) boolean augment,

        @Doc("how many items to take at most; 0 for all") @Range(min = 0)
        int limit,

        @Doc("how many of them are kept from training, for evaluation") @Range(min = 0)
        int holdOut)
        implements DataSource {
    /** What the observations are called in a .npz file. */
    public static final String Y = "y";

    /** What is called there what is known of each one's corruption. */
    public static final String CONDITIONING = "conditioning";

    private static final int NPY_MAGIC = 0x934e554d;
    private static final int ZIP_MAGIC = 0x504b0304;

    public ObservedItems {
        Ranges.check(ObservedItems.class, path, resize, crop, channels, patch, margin, augment, limit, holdOut);
        new Fitting(resize, crop, channels);
        Patch.of(patch, margin, augment);
    }

    @Override
    public Fitting fitting() {
        return new Fitting(resize, crop, channels);
    }

    public ObservedItems() {
        this(Path.of(""), 0, 0);
    }

    /** Observations at a path, all of them, as they are. */
    public ObservedItems(Path path, int limit, int holdOut) {
        this(
                path,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                limit,
                holdOut);
    }

    @Override
    public Optional<Patch> patches() {
        return Patch.of(patch, margin, augment);
    }

    @Override
    public Items open(Places places, RandomStreams streams) {
        if (!Files.isDirectory(path)) {
            return of(path, path.toAbsolutePath().getParent(), places);
        }
        for (String name : List.of(ObservationSet.Y, Y + ".npz")) {
            if (Files.exists(path.resolve(name))) {
                return of(path.resolve(name), path, places);
            }
        }
        if (ImageFiles.areIn(path) || Inputs.files(path, ".bin", ".bin.gz").isEmpty()) {
            return beside(ImageFiles.open(path, fitting()), path);
        }
        return beside(CifarFiles.open(path, places.scratch()), path);
    }

    private static Items of(Path file, Path folder, Places places) {
        String name = Inputs.name(file);
        int magic = magic(file);
        if (magic == NPY_MAGIC || name.endsWith(".npy")) {
            return beside(new FiniteItems(NpyFile.open(file)), folder);
        }
        if (magic == ZIP_MAGIC || name.endsWith(".npz")) {
            return npz(file, folder, places);
        }
        if (magic == Idx.IMAGES) {
            return beside(Idx.open(file, 0, places.scratch()), folder);
        }
        if (name.endsWith(".bin") || name.endsWith(".bin.gz")) {
            return beside(CifarFiles.open(file, places.scratch()), folder);
        }
        throw new DataException(file + ": expected observations as a folder, or as a .npy, .npz or IDX file or one of"
                + " CIFAR-10's layout that ends in .bin, got something else");
    }

    /** The first four bytes of what is in the file. */
    private static int magic(Path file) {
        try (DataInputStream in = new DataInputStream(Inputs.open(file))) {
            return in.readInt();
        } catch (EOFException tooShort) {
            return 0;
        } catch (IOException e) {
            throw Inputs.unreadable(file, e);
        }
    }

    private static Items npz(Path file, Path folder, Places places) {
        ArrayPlace y = ArrayPlace.ofArchive(file, Y);
        Optional<ArrayPlace> known = y.beside(CONDITIONING);
        Table rows = new FiniteItems(y.open(places.scratch()));
        return known.isPresent()
                ? with(rows, () -> new FiniteItems(known.get().open(places.scratch())))
                : beside(rows, folder);
    }

    private static Items beside(Table y, Path folder) {
        Path known = folder.resolve(ObservationSet.CONDITIONING);
        return Files.exists(known)
                ? with(y, () -> new FiniteItems(NpyFile.open(known)))
                : new Items.Observed(y, Optional.empty());
    }

    @FunctionalInterface
    private interface Opening {
        Table open();
    }

    private static Items with(Table y, Opening conditioning) {
        Optional<Table> known = Optional.empty();
        try {
            known = Optional.of(conditioning.open());
            return new Items.Observed(y, known);
        } catch (RuntimeException e) {
            y.close();
            known.ifPresent(Table::close);
            throw e;
        }
    }
}
