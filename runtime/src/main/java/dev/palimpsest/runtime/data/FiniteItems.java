package dev.palimpsest.runtime.data;

import java.util.Arrays;
import java.util.Optional;

/** Vectors or images from a .npy file, of which each value is looked at when it is read. */
final class FiniteItems implements Table {
    private final NpyFile file;
    private final int size;

    /** @throws DataException if the array is neither vectors [n, d] nor images [n, c, h, w] */
    FiniteItems(NpyFile file) {
        this.file = file;
        if (file.shape().length != 2 && file.shape().length != 4) {
            String sentence = file.where(0)
                    + ": expected vectors [n, d] or images [n, channels, height, width], got the shape "
                    + Arrays.toString(file.shape());
            file.close();
            throw new DataException(sentence);
        }
        this.size = file.itemSize();
    }

    /** Where it lies, if it lies in a file that is not ours. */
    Optional<InPlace> place() {
        return file.place();
    }

    @Override
    public int count() {
        return file.count();
    }

    @Override
    public long[] itemShape() {
        return file.itemShape();
    }

    /** @throws DataException if a value is not finite */
    @Override
    public void read(int[] numbers, float[] to) {
        file.read(numbers, to);
        for (int i = 0; i < numbers.length * size; i++) {
            if (!Float.isFinite(to[i])) {
                throw new DataException(where(numbers[i / size]) + ": expected finite values only, but value "
                        + i % size + " of item " + numbers[i / size] + " is " + to[i] + "; remove such items");
            }
        }
    }

    @Override
    public String where(int number) {
        return file.where(number);
    }

    @Override
    public long memory() {
        return file.memory();
    }

    @Override
    public void close() {
        file.close();
    }
}
