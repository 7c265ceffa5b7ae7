package dev.palimpsest.runtime.restore;

import dev.palimpsest.runtime.data.ArrayPlace;
import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.NpyFile;
import dev.palimpsest.runtime.data.Sha256;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The rows of an array. */
final class KnownRows implements Known {
    private final ArrayPlace place;
    private final NpyFile rows;

    /**
     * Opens an array.
     *
     * @param expected its shape
     * @param scratch a folder for what is packed
     * @throws DataException if it has another
     */
    KnownRows(ArrayPlace place, long[] expected, Path scratch) {
        this.place = place;
        this.rows = place.open(scratch);
        if (!Arrays.equals(rows.shape(), expected)) {
            rows.close();
            throw new DataException(place + ": expected conditioning " + Arrays.toString(expected)
                    + ", a row for each observation in the order of their names, got " + Arrays.toString(rows.shape()));
        }
    }

    @Override
    public float[] read(int[] items) {
        float[] values = Numbers.of(rows.rows(items));
        Numbers.requireFinite(
                values,
                at -> place + ": expected finite conditioning, but row " + items[at / (values.length / items.length)]
                        + " has " + values[at]);
        return values;
    }

    @Override
    public String digest(int item) {
        float[] values = read(new int[] {item});
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        return Sha256.hex(bytes.array());
    }

    @Override
    public String where(int item) {
        return place + ": row " + item;
    }

    @Override
    public List<Path> files() {
        return List.of(place.file());
    }

    @Override
    public void close() {
        rows.close();
    }
}
