package dev.palimpsest.runtime.probe;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How far F reaches: the largest distance, in rows or in columns, between a pixel of x that is changed and a pixel of y that changes with it. It is found by
 * calling F at an image and at the same image with one pixel changed, with the same randomness. Where how much F draws depends on what it sees, as for
 * photon counts, all that is drawn later changes with it. So where a change goes as far as the image, but mostly not among the pixels of the first channel that
 * come before the changed one, row by row, half of the image is changed instead, and it counts how far from there the mean over draws of y, along the edge
 * between the halves, has changed by more than five standard errors.
 */
public final class Reach {
    private static final int PLACES = 8;

    /** A change in deviations of the image. */
    private static final double STEP = 2;

    /** A change below this part of the largest is rounding. */
    private static final double ROUNDING = 1e-4;

    /** How many draws F's mean is taken over, and how many of them are made at once. */
    private static final int DRAWS = 64;

    private static final int AT_ONCE = 16;

    /** By how much half of an image is changed, whose range is 2. */
    private static final double HALF = 1;

    private static final double ERRORS = 5;

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
     * Calls F sixteen times, and where a change goes as far as the image at some hundred images more.
     *
     * @param forward F, prepared for an image of this shape
     * @param image [1, channels, height, width]
     * @return empty if a pixel changes others as far away as the image is large
     */
    public static OptionalInt of(ForwardModel forward, INDArray image, RandomStreams streams) {
        Reach reach = new Reach(forward, image, streams);
        int[] all = reach.ofPixels(reach.channels * reach.height * reach.width);
        if (all[PLACES - 1] < reach.border()) {
            return OptionalInt.of(all[PLACES - 1]);
        }
        return reach.ofPixels(0)[PLACES / 2] < reach.border() ? reach.ofHalves() : OptionalInt.empty();
    }

    /** How far the border of the image is at least from the pixels that are changed. */
    private int border() {
        return Math.min(height - around(height), width - around(width)) / 2 - 1;
    }

    /**
     * How far changes go that are made in single pixels, in increasing order.
     *
     * @param after how many numbers of y are looked at from the changed pixel on, beside those before it
     */
    private int[] ofPixels(int after) {
        RandomGenerator rng = streams.stream("reach", 0);
        int[] reaches = new int[PLACES];
        for (int place = 0; place < PLACES; place++) {
            int row = near(height, rng);
            int column = near(width, rng);
            reaches[place] = changed(row, column, place, row * width + column + after);
        }
        Arrays.sort(reaches);
        return reaches;
    }

    /** Near the middle: corruptions may have a grid, such as that of JPEG. */
    private static int near(int length, RandomGenerator rng) {
        int around = around(length);
        return (length - around) / 2 + (around > 0 ? rng.nextInt(around) : 0);
    }

    private static int around(int length) {
        return Math.min(16, length / 4);
    }

    private int changed(int row, int column, int draw, int end) {
        float[] before = values(image, draw);
        float[] after = values(moved(row, column), draw);
        double largest = 0;
        double[] change = new double[before.length];
        for (int i = 0; i < change.length; i++) {
            change[i] = Math.abs(after[i] - before[i]);
            largest = Math.max(largest, change[i]);
        }
        double least = ROUNDING * largest;
        return farthest(row, column, i -> i < end && change[i] > least);
    }

    private OptionalInt ofHalves() {
        double[][] before = means(image, 0);
        int largest = 0;
        for (int half = 0; half < 4; half++) {
            boolean across = half < 2;
            int length = across ? width : height;
            int middle = length / 2;
            boolean upper = half % 2 == 0;
            double[][] after = means(half(across, middle, upper), 1 + half);
            for (int distance = 1; distance <= middle; distance++) {
                int line = upper ? middle - distance : middle - 1 + distance;
                if (line < length && differs(before, after, across, line)) {
                    largest = Math.max(largest, distance);
                }
            }
            if (largest >= middle - 1) {
                return OptionalInt.empty();
            }
        }
        return OptionalInt.of(largest);
    }

    /** The image with all columns, or rows, from the middle on, or before it, nearer to the middle of the range. */
    private INDArray half(boolean across, int middle, boolean upper) {
        float[] values = image.dup('c').data().asFloat();
        double mean = image.meanNumber().doubleValue();
        for (int i = 0; i < values.length; i++) {
            int at = across ? i % width : i / width % height;
            if (at >= middle == upper) {
                values[i] += (float) (mean > 0 ? -HALF : HALF);
            }
        }
        return Nd4j.createFromArray(values).reshape('c', image.shape());
    }

    /** Of each draw, the means of each column of y and then of each row, channel by channel. */
    private double[][] means(INDArray x, int purpose) {
        INDArray[] copies = new INDArray[AT_ONCE];
        Arrays.fill(copies, x);
        INDArray batch = Nd4j.concat(0, copies);
        double[][] means = new double[DRAWS][channels * (width + height)];
        for (int first = 0; first < DRAWS; first += AT_ONCE) {
            float[] y = forward.apply(batch, streams.stream("reach half " + purpose, first))
                    .y()
                    .dup('c')
                    .data()
                    .asFloat();
            for (int i = 0; i < y.length; i++) {
                int plane = i / (height * width);
                double[] ofDraw = means[first + plane / channels];
                int from = plane % channels * (width + height);
                ofDraw[from + i % width] += (double) y[i] / height;
                ofDraw[from + width + i / width % height] += (double) y[i] / width;
            }
        }
        return means;
    }

    private boolean differs(double[][] before, double[][] after, boolean across, int line) {
        for (int channel = 0; channel < channels; channel++) {
            int at = channel * (width + height) + (across ? 0 : width) + line;
            Moments one = Moments.of(before, at);
            Moments other = Moments.of(after, at);
            double error = Math.sqrt((one.variance + other.variance) / DRAWS);
            if (Math.abs(one.mean - other.mean) > ERRORS * error + ROUNDING * HALF) {
                return true;
            }
        }
        return false;
    }

    private record Moments(double mean, double variance) {
        static Moments of(double[][] draws, int at) {
            double mean =
                    Arrays.stream(draws).mapToDouble(draw -> draw[at]).average().orElseThrow();
            double squares = Arrays.stream(draws)
                    .mapToDouble(draw -> (draw[at] - mean) * (draw[at] - mean))
                    .sum();
            return new Moments(mean, squares / (draws.length - 1));
        }
    }

    /** The image with one pixel nearer to the middle of the range. */
    private INDArray moved(int row, int column) {
        INDArray moved = image.dup('c');
        double deviation = image.stdNumber(false).doubleValue();
        double by = STEP * (deviation > 0 ? deviation : .25);
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
