package dev.palimpsest.runtime.data;

import dev.palimpsest.api.Observations;
import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Observations whose lost values are filled as the forward model would have filled them, each once and for all, because its file could not hold that. */
final class FilledItems implements Table {
    private static final int DRAW = 1;

    private final Table y;
    private final Table conditioning;
    private final Refill refill;

    FilledItems(Table y, Table conditioning, Refill refill) {
        this.y = y;
        this.conditioning = conditioning;
        this.refill = refill;
    }

    @Override
    public int count() {
        return y.count();
    }

    @Override
    public long[] itemShape() {
        return y.itemShape();
    }

    /** @throws DataException if an item cannot be read, or its conditioning is none of the forward model's */
    @Override
    public void read(int[] numbers, float[] to) {
        y.read(numbers, to);
        int size = itemSize();
        for (int i = 0; i < numbers.length; i++) {
            int[] one = {numbers[i]};
            int at = i * size;
            Observations given = new Observations(
                    Nd4j.createFromArray(Arrays.copyOfRange(to, at, at + size))
                            .reshape('c', Shapes.batch(1, itemShape())),
                    Optional.of(conditioning.rows(one)));
            filled(numbers[i], given)
                    .ifPresent(filled -> System.arraycopy(Values.of(filled.y(), 0, 1), 0, to, at, size));
        }
    }

    @Override
    public long[] shape(int number) {
        return y.shape(number);
    }

    @Override
    public INDArray whole(int number) {
        Observations given = new Observations(y.whole(number), Optional.of(conditioning.whole(number)));
        return filled(number, given).orElse(given).y();
    }

    private Optional<Observations> filled(int number, Observations given) {
        try {
            return refill.of(y.name(number), DRAW, given);
        } catch (DataException refused) {
            throw new DataException(
                    conditioning.where(number) + ": row " + number + ": " + refused.getMessage(), refused);
        }
    }

    @Override
    public String where(int number) {
        return y.where(number);
    }
}
