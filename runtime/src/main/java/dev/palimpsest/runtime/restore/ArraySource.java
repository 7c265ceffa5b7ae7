package dev.palimpsest.runtime.restore;

import dev.palimpsest.runtime.data.ArrayPlace;
import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.FileException;
import dev.palimpsest.runtime.data.NpyFile;
import dev.palimpsest.runtime.data.NpyWriter;
import dev.palimpsest.runtime.data.Sha256;
import dev.palimpsest.runtime.run.Sizes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.nd4j.linalg.factory.Nd4j;

/** The rows of an array, which become rows of arrays of the same name in files of the same name and kind. */
final class ArraySource implements Source {
    private final ArrayPlace place;
    private final Path file;
    private final NpyFile rows;
    private final Optional<LostMark> lost;

    /** Of what is read: taken before it is opened, so that what changes after that will be restored again. */
    private final String digest;

    /**
     * Opens an array.
     *
     * @param conditioning the array of what is known of the rows
     * @param sizes which observations the run restores
     * @param scratch a folder for what is packed
     */
    ArraySource(
            ArrayPlace place, Optional<ArrayPlace> conditioning, Sizes sizes, Optional<LostMark> lost, Path scratch) {
        this.place = place;
        this.file = place.file();
        this.lost = lost;
        if (lost.isPresent() && lost.get().kind() == LostMark.Kind.TRANSPARENT) {
            throw new DataException(file + ": an array knows no transparency; mark lost values as NaN, or by a number");
        }
        this.digest = (Sha256.ofInput(file) + " "
                        + conditioning
                                .map(known -> Sha256.ofInput(known.file()))
                                .orElse(""))
                .strip();
        this.rows = place.open(scratch);
        long[] shape = rows.shape();
        if (!sizes.take(rows.itemShape())) {
            rows.close();
            throw new DataException(place + ": expected observations of shape "
                    + Arrays.toString(sizes.item())
                    + (sizes.larger() ? ", or of more rows and columns," : "")
                    + " each, as the run was trained on, got an array " + Arrays.toString(shape)
                    + "; nothing is resized");
        }
    }

    @Override
    public int count() {
        return Math.toIntExact(rows.shape()[0]);
    }

    @Override
    public long[] shape(int item) {
        return rows.itemShape();
    }

    @Override
    public String name(int item) {
        return file.getFileName() + " row " + item;
    }

    @Override
    public List<Path> files() {
        return List.of(file);
    }

    @Override
    public List<String> results() {
        return List.of(file.getFileName().toString());
    }

    @Override
    public boolean keepsFiller() {
        return true;
    }

    @Override
    public float[] read(int[] items) {
        float[] values = Numbers.of(rows.rows(items));
        boolean nanIsLost = lost.isPresent() && lost.get().kind() == LostMark.Kind.NAN;
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i]) && !(nanIsLost && Float.isNaN(values[i]))) {
                throw new DataException(file + ": expected finite values, but row "
                        + items[i / (values.length / items.length)] + " has " + values[i]
                        + "; remove it, or say --lost nan if NaN marks what is lost");
            }
        }
        if (lost.isPresent() && lost.get().kind() == LostMark.Kind.VALUE) {
            mark(values, (float) lost.get().value());
        }
        return values;
    }

    @Override
    public int[] missing(Manifest manifest, Known known, Layout layout) {
        String name = file.getFileName().toString();
        boolean done = layout.has(name) && manifest.has(name, digest);
        return IntStream.range(0, done ? 0 : count()).toArray();
    }

    @Override
    public Sink sink(Layout layout, Manifest manifest, Known known) {
        String name = file.getFileName().toString();
        manifest.begin(List.of(name));
        List<Path> targets =
                layout.folders().stream().map(folder -> folder.resolve(name)).toList();
        targets.forEach(ArraySource::removeParts);
        List<NpyWriter> writers = NpyWriter.all(targets, place.array(), rows.shape());
        return new Sink() {
            @Override
            public void begun(int[] items) {}

            @Override
            public void put(int part, int[] items, float[] values) {
                long[] shape = rows.shape();
                shape[0] = items.length;
                writers.get(part).append(Nd4j.createFromArray(values).reshape('c', shape));
            }

            @Override
            public void finished(int[] items) {}

            @Override
            public void end() {
                writers.forEach(NpyWriter::finish);
                manifest.add(Map.of(name, digest));
            }

            @Override
            public int kept(int put) {
                return 0;
            }

            @Override
            public void close() {
                writers.forEach(NpyWriter::close);
            }
        };
    }

    @Override
    public void close() {
        rows.close();
    }

    /** Nobody is writing them: the folder of the results is locked. */
    private static void removeParts(Path target) {
        try {
            NpyWriter.removeParts(target);
        } catch (IOException e) {
            throw new FileException("remove what a killed call has left of " + target, e);
        }
    }

    /** Pixels whose channels all have a value become NaN; of vectors, each coordinate is a pixel. */
    private void mark(float[] values, float value) {
        long[] shape = rows.shape();
        int channels = shape.length == 4 ? (int) shape[1] : 1;
        int size = values.length / channels;
        int pixels = shape.length == 4 ? (int) (shape[2] * shape[3]) : size;
        for (int i = 0; i < size; i++) {
            int first = i / pixels * channels * pixels + i % pixels;
            boolean all = true;
            for (int c = 0; c < channels; c++) {
                all &= values[first + c * pixels] == value;
            }
            for (int c = 0; all && c < channels; c++) {
                values[first + c * pixels] = Float.NaN;
            }
        }
    }
}
