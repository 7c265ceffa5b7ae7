package dev.palimpsest.testkit.contract;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays as numbers that can be compared. */
final class Values {
    private Values() {}

    static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** N items with values uniform on [-1, 1), the units of images. */
    static INDArray items(int n, long[] itemShape, long seed) {
        RandomGenerator rng = generator(seed);
        float[] values = new float[n * size(itemShape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * rng.nextFloat() - 1;
        }
        return Nd4j.createFromArray(values).reshape('c', batch(n, itemShape));
    }

    static INDArray constant(double value, int n, long[] itemShape) {
        return Nd4j.valueArrayOf(batch(n, itemShape), (float) value);
    }

    static long[] batch(int n, long[] itemShape) {
        long[] shape = new long[itemShape.length + 1];
        shape[0] = n;
        System.arraycopy(itemShape, 0, shape, 1, itemShape.length);
        return shape;
    }

    static int size(long[] shape) {
        return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    }

    static float[] of(INDArray array) {
        return array.dup('c').data().asFloat();
    }

    /** The values of one item of a batch. */
    static float[] item(INDArray batch, int i) {
        float[] all = of(batch);
        int size = all.length / Math.toIntExact(batch.size(0));
        return Arrays.copyOfRange(all, i * size, (i + 1) * size);
    }

    /** One item of a batch as a batch of its own. */
    static INDArray single(INDArray batch, int i) {
        long[] shape = batch.shape().clone();
        shape[0] = 1;
        return Nd4j.createFromArray(item(batch, i)).reshape('c', shape);
    }

    static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    static double largestDifference(float[] p, float[] q) {
        double largest = 0;
        for (int i = 0; i < p.length; i++) {
            double difference = Math.abs((double) p[i] - q[i]);
            if (!(difference <= largest)) {
                largest = difference;
            }
        }
        return largest;
    }

    /** Throws AssertionError, naming the first value that is NaN or infinite. */
    static void requireFinite(String what, INDArray array) {
        float[] values = of(array);
        int size = values.length / Math.toIntExact(array.size(0));
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new AssertionError("expected finite values, got " + values[i] + " as " + what + " at item "
                        + i / size + ", index " + i % size);
            }
        }
    }

    /** Throws AssertionError unless an array has a shape and a floating-point type. */
    static void requireShape(String what, INDArray array, long... shape) {
        require(array != null, "expected " + what + " of shape " + Arrays.toString(shape) + ", got null");
        require(
                Arrays.equals(array.shape(), shape),
                "expected " + what + " of shape " + Arrays.toString(shape) + ", got " + Arrays.toString(array.shape()));
        require(
                array.dataType().isFPType(),
                "expected " + what + " of a floating-point type, got " + array.dataType()
                        + ": convert it with castTo(DataType.FLOAT)");
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
