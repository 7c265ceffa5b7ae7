package dev.palimpsest.runtime.data;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The observations y and what is known of each one's corruption, drawn once and kept in a folder: y.npy [n, ...] and, if anything is known,
 * conditioning.npy, [n, c, H, W] or [n, d]. Rows are read from disk when they are asked for; several threads may ask.
 */
public final class ObservationSet implements AutoCloseable {
    static final String Y = "y.npy";
    static final String CONDITIONING = "conditioning.npy";
    private static final int BLOCK = 256;

    private final NpyFile y;
    private final Optional<NpyFile> conditioning;

    private ObservationSet(NpyFile y, Optional<NpyFile> conditioning) {
        this.y = y;
        this.conditioning = conditioning;
    }

    /**
     * Corrupts every clean item once: y = F(x), in blocks of 256 items, the k-th with the stream ("observe", k).
     *
     * @param clean [n, ...], not modified
     * @param forward the forward model, prepared for these items
     * @param folder where the files are put; older ones are replaced
     * @throws FileException if the folder cannot be written to
     * @throws DataException if the forward model returns another shape than x's, a NaN or an infinity, or
     *     a conditioning that does not fit or is not of the same shape at every call
     */
    public static ObservationSet simulate(INDArray clean, ForwardModel forward, RandomStreams streams, Path folder) {
        remove(folder);
        long n = clean.size(0);
        try (NpyWriter y = new NpyWriter(folder.resolve(Y), clean.shape())) {
            Observations first = block(clean, 0, forward, streams);
            if (first.conditioning().isEmpty()) {
                append(clean, forward, streams, first, y, Optional.empty());
            } else {
                long[] shape = first.conditioning().get().shape().clone();
                shape[0] = n;
                try (NpyWriter conditioning = new NpyWriter(folder.resolve(CONDITIONING), shape)) {
                    append(clean, forward, streams, first, y, Optional.of(conditioning));
                    conditioning.finish();
                }
            }
            y.finish();
        }
        return open(folder);
    }

    /**
     * Keeps observations that exist already.
     *
     * @throws FileException if the folder cannot be written to
     * @throws DataException if the conditioning does not fit
     */
    public static ObservationSet of(Items.Observed observed, Path folder) {
        remove(folder);
        observed.conditioning().ifPresent(known -> {
            Conditioning.check("observations", observed.y(), known);
            Npy.write(folder.resolve(CONDITIONING), known);
        });
        Npy.write(folder.resolve(Y), observed.y());
        return open(folder);
    }

    /** Whether a folder holds what {@link #simulate} or {@link #of} left, whole: y.npy comes last. */
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(Y));
    }

    /**
     * Opens what {@link #simulate} or {@link #of} left in a folder.
     *
     * @throws DataException if it is not there, or damaged
     */
    public static ObservationSet open(Path folder) {
        NpyFile y = NpyFile.open(folder.resolve(Y));
        try {
            Path known = folder.resolve(CONDITIONING);
            Optional<NpyFile> conditioning = Files.exists(known) ? Optional.of(NpyFile.open(known)) : Optional.empty();
            ObservationSet set = new ObservationSet(y, conditioning);
            if (conditioning.isPresent() && conditioning.get().shape()[0] != set.size()) {
                conditioning.get().close();
                throw new DataException(known + ": expected " + set.size() + " rows, as in " + Y + ", got "
                        + conditioning.get().shape()[0]);
            }
            return set;
        } catch (RuntimeException e) {
            y.close();
            throw e;
        }
    }

    public long size() {
        return y.shape()[0];
    }

    /** The shape of one observation, without the batch dimension. */
    public long[] itemShape() {
        return item(y);
    }

    /** The shape of one observation's conditioning, [c, H, W] or [d]; empty if nothing is known. */
    public Optional<long[]> conditioningShape() {
        return conditioning.map(ObservationSet::item);
    }

    /**
     * The observations with these numbers, in their order, as arrays of the caller's own.
     *
     * @throws IndexOutOfBoundsException if there is no such observation
     */
    public Observations rows(int[] numbers) {
        return new Observations(y.rows(numbers), conditioning.map(file -> file.rows(numbers)));
    }

    /**
     * The observations from..to-1, as arrays of the caller's own.
     *
     * @throws IndexOutOfBoundsException if there are no such observations
     */
    public Observations rows(long from, long to) {
        return new Observations(y.rows(from, to), conditioning.map(file -> file.rows(from, to)));
    }

    @Override
    public void close() {
        y.close();
        conditioning.ifPresent(NpyFile::close);
    }

    private static long[] item(NpyFile file) {
        long[] shape = file.shape();
        return Arrays.copyOfRange(shape, 1, shape.length);
    }

    private static void remove(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve(Y));
            Files.deleteIfExists(folder.resolve(CONDITIONING));
        } catch (IOException e) {
            throw new DataException(folder + ": the older observations cannot be removed (" + e + ")", e);
        }
    }

    private static void append(
            INDArray clean,
            ForwardModel forward,
            RandomStreams streams,
            Observations first,
            NpyWriter y,
            Optional<NpyWriter> conditioning) {
        Observations block = first;
        for (int k = 0; (long) k * BLOCK < clean.size(0); k++) {
            if (k > 0) {
                block = block(clean, k, forward, streams);
                same(first, block, where(forward, k));
            }
            y.append(block.y());
            if (conditioning.isPresent()) {
                conditioning.get().append(block.conditioning().orElseThrow());
            }
        }
    }

    private static Observations block(INDArray clean, int k, ForwardModel forward, RandomStreams streams) {
        long from = (long) k * BLOCK;
        INDArray x = Values.rows(clean, from, Math.min(from + BLOCK, clean.size(0)));
        Observations observed = forward.apply(x, streams.stream("observe", k));
        if (!Arrays.equals(observed.y().shape(), x.shape())) {
            throw new DataException(where(forward, k) + ": expected y in the shape of x, " + Arrays.toString(x.shape())
                    + ", got " + Arrays.toString(observed.y().shape()));
        }
        finite(where(forward, k), "y", observed.y());
        observed.conditioning().ifPresent(known -> {
            Conditioning.check(where(forward, k) + ", conditioning", observed.y(), known);
            finite(where(forward, k), "conditioning", known);
        });
        return observed;
    }

    private static void finite(String where, String name, INDArray values) {
        Values.notFinite(values).ifPresent(bad -> {
            throw new DataException(where + ": expected finite values in " + name + ", but " + bad);
        });
    }

    private static void same(Observations first, Observations block, String where) {
        Optional<String> expected = first.conditioning().map(ObservationSet::itemShown);
        Optional<String> came = block.conditioning().map(ObservationSet::itemShown);
        if (!expected.equals(came)) {
            throw new DataException(
                    where + ": expected the conditioning of an item to have the same shape at every call, "
                            + expected.orElse("none") + ", got " + came.orElse("none"));
        }
    }

    private static String itemShown(INDArray x) {
        return Arrays.toString(Arrays.copyOfRange(x.shape(), 1, x.rank()));
    }

    private static String where(ForwardModel forward, int k) {
        return "forward model " + forward.getClass().getSimpleName() + ", items from " + (long) k * BLOCK;
    }
}
