package dev.palimpsest.runtime.probe;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How far F reaches: the largest distance, in rows or in columns, between a pixel of x that is changed and a pixel of y that changes with it. It is found by
 * calling F at an image and at the same image with one pixel changed, with the same randomness. Where how much F draws depends on what it sees, as for
 * photon counts, all that is drawn later may change with it; so a change that goes as far as the image counts only if a thousandth of it does so, too, for
 * half of the draws: of which photon counts are then hardly ever others.
 */
public final class Reach {
    private static final int PLACES = 8;
    private static final int DRAWS = 9;

    /** A change in deviations of the image. */
    private static final double STEP = 2;

    private static final double SMALL_STEP = 2e-3;

    /** A change below this part of the largest is rounding. */
    private static final double ROUNDING = 1e-4;

    private final ForwardModel forward;
    private final INDArray image;
    private final RandomStreams streams;
    private final int channels;
    private final int height;
    private final int width;

    private Reach(ForwardModel forward, INDArray image, RandomStreams streams) {
        this.forward = forward;
        this.image = image;
        this.streams = streams;
        channels = (int) image.size(1);
        height = (int) image.size(2);
        width = (int) image.size(3);
    }

    /**
     * Calls F sixteen times, and some hundred times more where a change goes as far as the image.
     *
     * @param forward F, prepared for an image of this shape
     * @param image [1, channels, height, width]
     * @return empty if a pixel changes others as far away as the image is large
     */
    public static OptionalInt of(ForwardModel forward, INDArray image, RandomStreams streams) {
        Reach reach = new Reach(forward, image, streams);
        OptionalInt alike = reach.largest((row, column, place) -> reach.changed(row, column, STEP, place));
        return alike.isPresent() ? alike : reach.largest(reach::ofSmallSteps);
    }

    private interface Found {
        /** How far a change goes that is made in one pixel. */
        int from(int row, int column, int place);
    }

    private OptionalInt largest(Found found) {
        RandomGenerator rng = streams.stream("reach", 0);
        int largest = 0;
        for (int place = 0; place < PLACES; place++) {
            int row = near(height, rng);
            int column = near(width, rng);
            int reach = found.from(row, column, place);
            if (reach >= Math.min(Math.min(row, height - 1 - row), Math.min(column, width - 1 - column))) {
                return OptionalInt.empty();
            }
            largest = Math.max(largest, reach);
        }
        return OptionalInt.of(largest);
    }

    /** Near the middle: corruptions may have a grid, such as that of JPEG. */
    private static int near(int length, RandomGenerator rng) {
        int around = Math.min(16, length / 4);
        return (length - around) / 2 + (around > 0 ? rng.nextInt(around) : 0);
    }

    private int changed(int row, int column, double step, int draw) {
        float[] before = values(image, draw);
        float[] after = values(moved(row, column, step), draw);
        double largest = 0;
        double[] change = new double[before.length];
        for (int i = 0; i < change.length; i++) {
            change[i] = Math.abs(after[i] - before[i]);
            largest = Math.max(largest, change[i]);
        }
        double least = ROUNDING * largest;
        return farthest(row, column, i -> change[i] > least);
    }

    private int ofSmallSteps(int row, int column, int place) {
        return IntStream.range(0, DRAWS)
                .map(draw -> changed(row, column, SMALL_STEP, place * DRAWS + draw))
                .sorted()
                .toArray()[DRAWS / 2];
    }

    /** The image with one pixel nearer to the middle of the range. */
    private INDArray moved(int row, int column, double step) {
        INDArray moved = image.dup('c');
        double deviation = image.stdNumber(false).doubleValue();
        double by = step * (deviation > 0 ? deviation : .25);
        for (int channel = 0; channel < channels; channel++) {
            double value = image.getDouble(0, channel, row, column);
            moved.putScalar(new int[] {0, channel, row, column}, value > 0 ? value - by : value + by);
        }
        return moved;
    }

    private float[] values(INDArray x, int draw) {
        return forward.apply(x, streams.stream("reach draw", draw))
                .y()
                .dup('c')
                .data()
                .asFloat();
    }

    private int farthest(int row, int column, IntPredicate changed) {
        int farthest = 0;
        for (int i = 0; i < channels * height * width; i++) {
            int pixel = i % (height * width);
            int distance = Math.max(Math.abs(pixel / width - row), Math.abs(pixel % width - column));
            if (distance > farthest && changed.test(i)) {
                farthest = distance;
            }
        }
        return farthest;
    }
}
