package dev.palimpsest.runtime.data;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The observations y and what is known of each one's corruption, drawn once and kept in a folder: y.npy [n, ...] and, if anything is known,
 * conditioning.npy, [n, c, H, W] or [n, d]; or, where they are given as .npy, a note of where they lie. Rows are read from disk when they are asked
 * for; several threads may ask.
 */
public final class ObservationSet implements AutoCloseable {
    /** The file of the observations. */
    public static final String Y = "y.npy";

    /** The file of what is known of each one's corruption. */
    public static final String CONDITIONING = "conditioning.npy";

    private static final String IN_PLACE = "in-place.properties";
    private static final int BLOCK = 256;

    private final Table y;
    private final Optional<Table> conditioning;
    private final boolean inPlace;

    private ObservationSet(Table y, Optional<Table> conditioning, boolean inPlace) {
        this.y = y;
        this.conditioning = conditioning;
        this.inPlace = inPlace;
    }

    /** Observations that lie elsewhere, which is closed elsewhere too. */
    static ObservationSet of(Table y, Optional<Table> conditioning) {
        return new ObservationSet(y, conditioning, false);
    }

    /** Corrupts all items of an array [n, ...], which is not modified. */
    public static ObservationSet simulate(INDArray clean, ForwardModel forward, RandomStreams streams, Path folder) {
        int[] all = IntStream.range(0, Math.toIntExact(clean.size(0))).toArray();
        return simulate(Drawn.of("clean items", clean), all, forward, streams, folder);
    }

    /**
     * Corrupts clean items once: y = F(x), in blocks of 256 items, the k-th with the stream ("observe", k). No more than a block is in memory.
     *
     * @param used the numbers of the items; observation i is that of item used[i]
     * @param forward the forward model, prepared for these items
     * @param folder where the files are put; older ones are replaced
     * @throws FileException if the folder cannot be written to
     * @throws DataException if an item cannot be read, or the forward model returns another shape than x's, a NaN or an infinity, or a conditioning that
     *     does not fit or is not of the same shape at every call
     */
    public static ObservationSet simulate(
            Table clean, int[] used, ForwardModel forward, RandomStreams streams, Path folder) {
        remove(folder);
        try (NpyWriter y = new NpyWriter(folder.resolve(Y), Shapes.batch(used.length, clean.itemShape()))) {
            Observations first = block(clean, used, 0, forward, streams);
            if (first.conditioning().isEmpty()) {
                append(clean, used, forward, streams, first, y, Optional.empty());
            } else {
                long[] item = Shapes.item(first.conditioning().get().shape());
                try (NpyWriter conditioning =
                        new NpyWriter(folder.resolve(CONDITIONING), Shapes.batch(used.length, item))) {
                    append(clean, used, forward, streams, first, y, Optional.of(conditioning));
                    conditioning.finish();
                }
            }
            y.finish();
        }
        return open(folder);
    }

    /**
     * Keeps observations that exist already. Those in .npy files, or stored in .npz files, stay where they are, under the numbers that they have there;
     * others are decoded once, and observation i is then item used[i]. Of images, which cannot hold what a forward model puts in the place of lost values,
     * these are filled anew where the conditioning tells them.
     *
     * @param refill fills lost values
     * @throws FileException if the folder cannot be written to
     * @throws DataException if one of those that are used cannot be read or is not finite, or its conditioning is none of the forward model's
     */
    public static ObservationSet of(Items.Observed observed, int[] used, Refill refill, Path folder) {
        remove(folder);
        Optional<InPlace> y = place(observed.y());
        Optional<InPlace> conditioning = observed.conditioning().flatMap(ObservationSet::place);
        if (y.isPresent() && observed.conditioning().isPresent() == conditioning.isPresent()) {
            int[] sorted = used.clone();
            Arrays.sort(sorted);
            forBlocks(observed.y(), sorted, values -> {});
            observed.conditioning().ifPresent(known -> forBlocks(known, sorted, values -> {}));
            note(y.get(), conditioning, folder);
        } else {
            observed.conditioning().ifPresent(known -> copy(known, used, folder.resolve(CONDITIONING)));
            copy(filled(observed, refill), used, folder.resolve(Y));
        }
        return open(folder);
    }

    private static Table filled(Items.Observed observed, Refill refill) {
        return observed.conditioning()
                .filter(known -> !observed.y().keepsFiller())
                .map(known -> (Table) new FilledItems(observed.y(), known, refill))
                .orElse(observed.y());
    }

    /** Whether a folder holds what {@link #simulate} or {@link #of} left, whole: y.npy, or the note of where it lies, comes last. */
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(Y)) || Files.exists(folder.resolve(IN_PLACE));
    }

    /**
     * Opens what {@link #simulate} or {@link #of} left in a folder.
     *
     * @throws DataException if it is not there, or damaged, or lay elsewhere and has changed since
     */
    public static ObservationSet open(Path folder) {
        boolean inPlace = Files.exists(folder.resolve(IN_PLACE));
        Properties places = inPlace ? places(folder) : new Properties();
        Table y = open(folder, Y, inPlace, places);
        try {
            boolean known =
                    inPlace ? places.containsKey(CONDITIONING + ".path") : Files.exists(folder.resolve(CONDITIONING));
            Optional<Table> conditioning =
                    known ? Optional.of(open(folder, CONDITIONING, inPlace, places)) : Optional.empty();
            if (conditioning.isPresent() && conditioning.get().count() != y.count()) {
                conditioning.get().close();
                throw new DataException(conditioning.get().where(0) + ": expected " + y.count() + " rows, as in " + Y
                        + ", got " + conditioning.get().count());
            }
            return new ObservationSet(y, conditioning, inPlace);
        } catch (RuntimeException e) {
            y.close();
            throw e;
        }
    }

    /** The file of what is known of the observations, for messages; where nothing is known, that of the observations. */
    public String where() {
        return conditioning.orElse(y).where(0);
    }

    /** Whether the observations lie where they were given, with all that lie there. */
    public boolean inPlace() {
        return inPlace;
    }

    public long size() {
        return y.count();
    }

    /** The shape of one observation, without the batch dimension. */
    public long[] itemShape() {
        return y.itemShape();
    }

    /** The shape of one observation's conditioning, [c, H, W] or [d]; empty if nothing is known. */
    public Optional<long[]> conditioningShape() {
        return conditioning.map(Table::itemShape);
    }

    /**
     * The observations with these numbers, in their order, as arrays of the caller's own.
     *
     * @throws IndexOutOfBoundsException if there is no such observation
     */
    public Observations rows(int[] numbers) {
        return new Observations(y.rows(numbers), conditioning.map(known -> known.rows(numbers)));
    }

    /**
     * The observations from..to-1, as arrays of the caller's own.
     *
     * @throws IndexOutOfBoundsException if there are no such observations
     */
    public Observations rows(long from, long to) {
        Objects.checkFromToIndex(from, to, size());
        return rows(IntStream.range((int) from, (int) to).toArray());
    }

    @Override
    public void close() {
        y.close();
        conditioning.ifPresent(Table::close);
    }

    /** The y of observations, as a table. */
    Table y() {
        return y;
    }

    Optional<Table> conditioning() {
        return conditioning;
    }

    private static Optional<InPlace> place(Table table) {
        return table instanceof FiniteItems file ? file.place() : Optional.empty();
    }

    private static void note(InPlace y, Optional<InPlace> conditioning, Path folder) {
        Properties properties = new Properties();
        y.put(Y, properties);
        conditioning.ifPresent(place -> place.put(CONDITIONING, properties));
        StringWriter text = new StringWriter();
        try {
            properties.store(text, "where the observations lie");
        } catch (IOException cannotHappen) {
            throw new UncheckedIOException(cannotHappen);
        }
        WholeFile.write(folder.resolve(IN_PLACE), text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Properties places(Path folder) {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(folder.resolve(IN_PLACE))) {
            properties.load(in);
            return properties;
        } catch (IOException e) {
            throw Inputs.unreadable(folder.resolve(IN_PLACE), e);
        }
    }

    private static Table open(Path folder, String name, boolean inPlace, Properties places) {
        if (!inPlace) {
            return NpyFile.open(folder.resolve(name));
        }
        InPlace place = InPlace.get(name, places, folder.resolve(IN_PLACE));
        return new FiniteItems(NpyFile.open(place.path().toString(), place));
    }

    /** Removes what an earlier start has left, finished or not. */
    private static void remove(Path folder) {
        for (String name : List.of(Y, CONDITIONING, IN_PLACE)) {
            try {
                Files.deleteIfExists(folder.resolve(name));
                NpyWriter.removeParts(folder.resolve(name));
            } catch (IOException e) {
                throw new DataException(folder + ": the older observations cannot be removed (" + e + ")", e);
            }
        }
    }

    private static void copy(Table table, int[] used, Path to) {
        try (NpyWriter writer = new NpyWriter(to, Shapes.batch(used.length, table.itemShape()))) {
            forBlocks(table, used, writer::append);
            writer.finish();
        }
    }

    private static void forBlocks(Table table, int[] used, Consumer<float[]> work) {
        int block = Math.max(1, Math.min(BLOCK, Values.AT_ONCE / table.itemSize()));
        for (int from = 0; from < used.length; from += block) {
            int[] numbers = Arrays.copyOfRange(used, from, Math.min(used.length, from + block));
            float[] values = new float[numbers.length * table.itemSize()];
            table.read(numbers, values);
            work.accept(values);
        }
    }

    private static void append(
            Table clean,
            int[] used,
            ForwardModel forward,
            RandomStreams streams,
            Observations first,
            NpyWriter y,
            Optional<NpyWriter> conditioning) {
        Observations block = first;
        for (int k = 0; (long) k * BLOCK < used.length; k++) {
            if (k > 0) {
                block = block(clean, used, k, forward, streams);
                same(first, block, where(forward, k));
            }
            y.append(block.y());
            if (conditioning.isPresent()) {
                conditioning.get().append(block.conditioning().orElseThrow());
            }
        }
    }

    private static Observations block(Table clean, int[] used, int k, ForwardModel forward, RandomStreams streams) {
        int from = k * BLOCK;
        INDArray x = clean.rows(Arrays.copyOfRange(used, from, Math.min(used.length, from + BLOCK)));
        Observations observed = forward.apply(x, streams.stream("observe", k));
        if (!Arrays.equals(observed.y().shape(), x.shape())) {
            throw new DataException(where(forward, k) + ": expected y in the shape of x, " + Arrays.toString(x.shape())
                    + ", got " + Arrays.toString(observed.y().shape()));
        }
        finite(where(forward, k), "y", observed.y());
        observed.conditioning().ifPresent(known -> {
            Conditioning.check(
                    where(forward, k) + ", conditioning",
                    x.size(0),
                    clean.itemShape(),
                    known.size(0),
                    Shapes.item(known.shape()));
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
        return Arrays.toString(Shapes.item(x.shape()));
    }

    private static String where(ForwardModel forward, int k) {
        return "forward model " + forward.getClass().getSimpleName() + ", items from " + (long) k * BLOCK;
    }
}
