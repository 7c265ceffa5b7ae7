package dev.palimpsest.runtime.restore;

import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.NpyFile;
import dev.palimpsest.runtime.data.Sha256;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The rows of a .npy file. */
final class KnownRows implements Known {
    private final Path file;
    private final NpyFile rows;

    /**
     * Opens a file.
     *
     * @param expected its shape
     * @throws DataException if it has another
     */
    KnownRows(Path file, long[] expected) {
        this.file = file;
        this.rows = NpyFile.open(file);
        if (!Arrays.equals(rows.shape(), expected)) {
            rows.close();
            throw new DataException(file + ": expected conditioning " + Arrays.toString(expected)
                    + ", a row for each observation in the order of their names, got " + Arrays.toString(rows.shape()));
        }
    }

    @Override
    public float[] read(int[] items) {
        float[] values = Numbers.of(rows.rows(items));
        Numbers.requireFinite(
                values,
                at -> file + ": expected finite conditioning, but row " + items[at / (values.length / items.length)]
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
        return file + ": row " + item;
    }

    @Override
    public List<Path> files() {
        return List.of(file);
    }

    @Override
    public void close() {
        rows.close();
    }
}
