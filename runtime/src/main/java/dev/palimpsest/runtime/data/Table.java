package dev.palimpsest.runtime.data;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Numbered items of one shape, read when they are asked for, float32; several threads may ask. */
public interface Table extends AutoCloseable {
    int count();

    /** The shape of one item, without the batch dimension. */
    long[] itemShape();

    /**
     * Reads items into the start of an array, one after another in the order of their numbers, each in row-major order.
     *
     * @throws DataException if one cannot be read, naming its file
     * @throws IndexOutOfBoundsException if there is no such item
     */
    void read(int[] numbers, float[] to);

    /** What holds the item, for messages. */
    String where(int number);

    /** What the item is called among the others. */
    default String name(int number) {
        return "item " + number;
    }

    /** The shape of the item with this number, where images need not be of one size; it is not decoded. */
    default long[] shape(int number) {
        return itemShape();
    }

    /** The item with this number at its own size, as an array of the caller's own: [1, ...]. */
    default INDArray whole(int number) {
        return rows(new int[] {number});
    }

    /** Whether what stands for lost values can be what a forward model puts there, unlike in images, which end at black and white. */
    default boolean keepsFiller() {
        return true;
    }

    /** How many bytes are in memory for as long as it is open. */
    default long memory() {
        return 0;
    }

    @Override
    default void close() {}

    /** How many numbers an item has. */
    default int itemSize() {
        try {
            return Math.toIntExact(Values.count(itemShape()));
        } catch (ArithmeticException tooLarge) {
            throw new DataException(where(0) + ": expected items of at most " + Integer.MAX_VALUE
                    + " numbers, got the shape " + Arrays.toString(itemShape()));
        }
    }

    /** The items with these numbers, in their order, as an array of the caller's own: [n, ...]. */
    default INDArray rows(int[] numbers) {
        int size = itemSize();
        long[] shape = Shapes.batch(numbers.length, itemShape());
        int step = Math.max(1, Values.AT_ONCE / size);
        if (numbers.length <= step) {
            float[] values = new float[numbers.length * size];
            read(numbers, values);
            return Nd4j.createFromArray(values).reshape('c', shape);
        }
        Values values = new Values(shape);
        float[] part = new float[step * size];
        for (int from = 0; from < numbers.length; from += step) {
            int to = Math.min(numbers.length, from + step);
            float[] read = to - from == step ? part : new float[(to - from) * size];
            read(Arrays.copyOfRange(numbers, from, to), read);
            values.append(read);
        }
        return values.array();
    }
}
