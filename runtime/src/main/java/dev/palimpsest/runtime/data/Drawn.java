package dev.palimpsest.runtime.data;

import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Items that are in memory, one after another. */
public final class Drawn implements Table {
    private final String name;
    private final float[] values;
    private final long[] itemShape;
    private final int size;

    Drawn(String name, float[] values, long... itemShape) {
        this.name = name;
        this.values = values;
        this.itemShape = itemShape.clone();
        this.size = Math.toIntExact(Values.count(itemShape));
    }

    /** The items of an array [n, ...], copied. */
    public static Drawn of(String name, INDArray x) {
        return new Drawn(name, Values.of(x, 0, x.size(0)), Shapes.item(x.shape()));
    }

    /**
     * Room for what a source draws.
     *
     * @throws DataException if there are more numbers than an array of Java may have
     */
    static float[] room(String name, int count, int size) {
        if ((long) count * size > Integer.MAX_VALUE - 8) {
            throw new DataException(name + ": expected at most " + (Integer.MAX_VALUE - 8) + " numbers, got " + count
                    + " items of " + size + "; draw fewer");
        }
        return new float[count * size];
    }

    @Override
    public int count() {
        return values.length / size;
    }

    @Override
    public long[] itemShape() {
        return itemShape.clone();
    }

    @Override
    public void read(int[] numbers, float[] to) {
        for (int i = 0; i < numbers.length; i++) {
            System.arraycopy(values, Objects.checkIndex(numbers[i], count()) * size, to, i * size, size);
        }
    }

    @Override
    public String where(int number) {
        return name;
    }

    @Override
    public long memory() {
        return (long) Float.BYTES * values.length;
    }
}
