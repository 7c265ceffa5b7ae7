package dev.palimpsest.runtime.probe;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The side of the blocks that F works on, such as the 8 x 8 pixels of JPEG: of windows that begin between blocks F would make something else than what was
 * observed. It is the least period with which the part of y that a pixel of x changes lies about this pixel.
 */
public final class Grid {
    /** Blocks of larger sides are not found. */
    private static final int MOST = 16;

    private static final int DRAWS = 8;

    /** A change in deviations of the image. */
    private static final double STEP = 2;

    /** A change below this part of the largest is rounding. */
    private static final double ROUNDING = 1e-4;

    private final int reach;
    private final int first;
    private final int places;

    /** Of each place, how far up, down, left and right of it y has changed in any draw; empty where it never did. */
    private final int[][] around;

    private Grid(int reach, int length) {
        this.reach = reach;
        places = Math.min(2 * MOST, length - 2 * reach);
        first = (length - Math.max(0, places)) / 2;
        around = new int[Math.max(0, places)][];
    }

    /**
     * Calls F {@code 2 * 8} times at 32 copies of the image, in each of which another pixel of the diagonal is changed.
     *
     * @param forward F, prepared for an image of this shape
     * @param image [1, channels, height, width]
     * @param reach how far F reaches
     * @return 1 if F does the same at all places, or nothing that repeats
     */
    public static int of(ForwardModel forward, INDArray image, int reach, RandomStreams streams) {
        Grid grid = new Grid(reach, (int) Math.min(image.size(2), image.size(3)));
        if (reach == 0 || grid.places < 2) {
            return 1;
        }
        for (int draw = 0; draw < DRAWS; draw++) {
            grid.look(forward, image, draw, streams);
        }
        return grid.period();
    }

    private void look(ForwardModel forward, INDArray image, int draw, RandomStreams streams) {
        INDArray[] copies = new INDArray[places];
        Arrays.fill(copies, image);
        INDArray before = Nd4j.concat(0, copies);
        INDArray after = before.dup('c');
        int channels = (int) image.size(1);
        double deviation = image.stdNumber(false).doubleValue();
        double by = STEP * (deviation > 0 ? deviation : .25);
        for (int place = 0; place < places; place++) {
            long[] at = {place, draw % channels, first + place, first + place};
            double value = after.getDouble(at);
            after.putScalar(at, value > 0 ? value - by : value + by);
        }
        INDArray change = forward.apply(after, streams.stream("grid draw", draw))
                .y()
                .sub(forward.apply(before, streams.stream("grid draw", draw)).y());
        float[] values = change.dup('c').data().asFloat();
        for (int place = 0; place < places; place++) {
            widen(place, values, channels, (int) image.size(2), (int) image.size(3));
        }
    }

    private void widen(int place, float[] change, int channels, int height, int width) {
        double largest = 0;
        for (int pass = 0; pass < 2; pass++) {
            for (int plane = place * channels; plane < (place + 1) * channels; plane++) {
                for (int down = -reach; down <= reach; down++) {
                    for (int right = -reach; right <= reach; right++) {
                        int row = first + place + down;
                        double size = Math.abs(change[(plane * height + row) * width + first + place + right]);
                        if (pass == 0) {
                            largest = Math.max(largest, size);
                        } else if (size > ROUNDING * largest) {
                            widen(place, down, right);
                        }
                    }
                }
            }
        }
    }

    private void widen(int place, int down, int right) {
        int[] known = around[place] == null ? new int[] {down, down, right, right} : around[place];
        around[place] = new int[] {
            Math.min(known[0], down), Math.max(known[1], down), Math.min(known[2], right), Math.max(known[3], right)
        };
    }

    private int period() {
        for (int period = 1; period <= places / 2; period++) {
            if (repeats(period)) {
                return period;
            }
        }
        return 1;
    }

    private boolean repeats(int period) {
        for (int place = 0; place + period < places; place++) {
            int[] one = around[place];
            int[] other = around[place + period];
            if (one != null && other != null && !Arrays.equals(one, other)) {
                return false;
            }
        }
        return true;
    }
}
