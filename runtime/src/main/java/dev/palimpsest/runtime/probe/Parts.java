package dev.palimpsest.runtime.probe;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.data.Shapes;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * How much F changes the middle of an image, as a part of it and cut out of it: the means over draws of the mean square of F(x) - x there. They are alike where
 * F does the same everywhere, and not where it does something once an image, such as losing one block.
 *
 * @param within of the middle as a part of the image
 * @param alone of the middle by itself
 * @param error the standard error of their difference
 */
public record Parts(double within, double alone, double error) {
    private static final int DRAWS = 32;
    private static final double ERRORS = 5;
    private static final double ALIKE = 0.2;

    /**
     * Calls F at {@value #DRAWS} copies of the image, and of its middle.
     *
     * @param forward F, not prepared
     * @param image [1, channels, height, width]
     * @param size [height, width] of the middle
     * @param margin how many pixels at the border of the middle are not looked at, because F brings in there what lies beyond
     */
    public static Parts of(ForwardModel forward, INDArray image, int[] size, int margin, RandomStreams streams) {
        int top = (int) (image.size(2) - size[0]) / 2;
        int left = (int) (image.size(3) - size[1]) / 2;
        INDArray middle = cut(image, top, left, size[0], size[1]);
        int height = size[0] - 2 * margin;
        int width = size[1] - 2 * margin;
        double[] within =
                changes(forward, image, top + margin, left + margin, height, width, streams.stream("parts", 0));
        double[] alone = changes(forward, middle, margin, margin, height, width, streams.stream("parts", 1));
        return new Parts(mean(within), mean(alone), Math.sqrt(variance(within) / DRAWS + variance(alone) / DRAWS));
    }

    /** Whether they differ by more than chance, and by a fifth of the larger. */
    public boolean differ() {
        double difference = Math.abs(within - alone);
        return difference > ERRORS * error && difference > ALIKE * Math.max(within, alone);
    }

    private static double[] changes(
            ForwardModel forward, INDArray x, int top, int left, int height, int width, RandomGenerator rng) {
        INDArray[] copies = new INDArray[DRAWS];
        Arrays.fill(copies, x);
        INDArray many = Nd4j.concat(0, copies);
        INDArray y = forward.prepare(Shapes.item(x.shape())).apply(many, rng).y();
        float[] change = cut(y, top, left, height, width)
                .subi(cut(many, top, left, height, width))
                .data()
                .asFloat();
        double[] squares = new double[DRAWS];
        int each = change.length / DRAWS;
        for (int i = 0; i < change.length; i++) {
            squares[i / each] += (double) change[i] * change[i] / each;
        }
        return squares;
    }

    private static INDArray cut(INDArray images, int top, int left, int height, int width) {
        return images.get(
                        NDArrayIndex.all(),
                        NDArrayIndex.all(),
                        NDArrayIndex.interval(top, top + height),
                        NDArrayIndex.interval(left, left + width))
                .dup('c');
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double variance(double[] values) {
        double mean = mean(values);
        return Arrays.stream(values)
                        .map(value -> (value - mean) * (value - mean))
                        .sum()
                / (values.length - 1);
    }
}
