package dev.palimpsest.runtime.restore;

import dev.palimpsest.api.Observations;
import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.Shapes;
import dev.palimpsest.runtime.run.Restorer;
import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Makes of what was read what the run's drift takes. Where lost values are marked, the forward model fills them and tells the conditioning; where the
 * conditioning is given, it fills what that tells to be lost, except that an array's own filler is kept for the first draw.
 */
final class Filler {
    private final Restorer restorer;
    private final Source source;
    private final Known known;
    private final boolean marked;
    private final boolean fills;

    /** @throws DataException if lost values are marked, and the run's forward model loses none */
    Filler(Restorer restorer, Source source, Known known, boolean marked) {
        this.restorer = restorer;
        this.source = source;
        this.known = known;
        this.marked = marked;
        this.fills = (marked || known != Known.NOTHING) && tried();
        if (marked && !fills) {
            throw new DataException(
                    "--lost: the run's forward model has no filler for lost values, so that what is known of"
                            + " each observation has to be given with --conditioning");
        }
    }

    /** Whether two draws differ. */
    boolean draws() {
        return fills;
    }

    /**
     * Observations as the drift takes them.
     *
     * @param y as the source read them
     * @param conditioning as what is known was read
     * @param draw from 1
     */
    Observations of(int[] items, float[] y, float[] conditioning, int draw) {
        if (!fills || (draw == 1 && !marked && source.keepsFiller())) {
            return observations(items, y, conditioning);
        }
        float[] filled = new float[y.length];
        float[] told =
                new float[Math.toIntExact(length(restorer.conditioningShape(items.length, source.shape(items[0]))))];
        int size = y.length / items.length;
        int knownSize = told.length / items.length;
        for (int i = 0; i < items.length; i++) {
            float[] own = Arrays.copyOfRange(y, i * size, (i + 1) * size);
            float[] ownKnown =
                    marked ? conditioning : Arrays.copyOfRange(conditioning, i * knownSize, (i + 1) * knownSize);
            Observations one = filled(items[i], own, ownKnown, draw).orElseThrow();
            System.arraycopy(Numbers.of(one.y()), 0, filled, i * size, size);
            System.arraycopy(told(items[i], one), 0, told, i * knownSize, knownSize);
        }
        return observations(items, filled, told);
    }

    private boolean tried() {
        int[] first = {0};
        return filled(0, source.read(first), known.read(first), 1).isPresent();
    }

    private Optional<Observations> filled(int item, float[] y, float[] conditioning, int draw) {
        try {
            return restorer.refill(source.name(item), draw, observations(new int[] {item}, y, conditioning));
        } catch (DataException refused) {
            String where = marked ? source.name(item) : known.where(item);
            throw new DataException(where + ": " + refused.getMessage(), refused);
        }
    }

    private float[] told(int item, Observations one) {
        long[] expected = restorer.conditioningShape(1, source.shape(item));
        INDArray conditioning = one.conditioning().orElseThrow();
        if (!Arrays.equals(conditioning.shape(), expected)) {
            throw new DataException("expected conditioning " + Arrays.toString(expected)
                    + " of each observation, but from what is lost follows " + Arrays.toString(conditioning.shape())
                    + "; give it with --conditioning");
        }
        return Numbers.of(conditioning);
    }

    private Observations observations(int[] items, float[] y, float[] conditioning) {
        long[] shape = source.shape(items[0]);
        INDArray array = Nd4j.createFromArray(y).reshape('c', Shapes.batch(items.length, shape));
        return conditioning.length == 0
                ? Observations.of(array)
                : Observations.of(
                        array,
                        Nd4j.createFromArray(conditioning)
                                .reshape('c', restorer.conditioningShape(items.length, shape)));
    }

    private static long length(long[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }
}
