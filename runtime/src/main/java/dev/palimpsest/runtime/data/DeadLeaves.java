package dev.palimpsest.runtime.data;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Images of dead leaves: opaque discs that hide each other, with radii of density 2 r^-3 / (a^-2 - b^-2) on [a, b], centres that are uniform on the image
 * enlarged by b, and uniform brightness in [-1, 1]; [count, channels, height, width]. They have what photographs have: objects of all sizes, sharp edges,
 * and power that falls about as frequency^-2.
 *
 * <p>Discs are painted front to back until everything is covered, which gives the same distribution as infinitely many painted back to front. Item i
 * depends on the seed and on i alone, and is painted whenever it is read, so that none is in memory.
 *
 * @see <a href="https://doi.org/10.1023/A:1011109015675">Lee, Mumford, Huang, Occlusion models for natural images, IJCV 41 (2001)</a>
 */
@Doc(
        "images of opaque discs of all sizes that hide each other; they have the edges and the power spectrum of photographs")
public record DeadLeaves(
        @Doc("[height, width] of the images") @Range(min = 1)
        List<Integer> size,

        @Doc("1 for grey images, 3 for colour; the channels of a disc are independent")
        int channels,

        @Doc("[smallest, largest] radius of the discs in pixels; between them the density is proportional to radius^-3")
        @Range(min = 0.5, max = 10000)
        List<Double> radius,

        @Doc("a pixel is the mean of so many samples in each direction; 1: edges are as sharp as pixels can be")
        @Range(min = 1, max = 4)
        int samples,

        @Doc("how many are drawn") @Range(min = 1) int count,

        @Doc(Patch.SIZE) Optional<List<Integer>> patch,

        @Doc(Patch.MARGIN) @Range(min = 0) Optional<Integer> margin,

        @Doc(Patch.AUGMENT) boolean augment,

        @Doc("how many items to take at most; 0 for all") @Range(min = 0)
        int limit,

        @Doc("how many of them are kept from training, for evaluation") @Range(min = 0)
        int holdOut)
        implements DataSource {
    public DeadLeaves {
        Ranges.check(DeadLeaves.class, size, channels, radius, samples, count, patch, margin, augment, limit, holdOut);
        Patch.of(patch, margin, augment);
        size = List.copyOf(size);
        radius = List.copyOf(radius);
        Fitting.check("size", size);
        if (channels != 1 && channels != 3) {
            throw new IllegalArgumentException("channels must be 1 or 3, got " + channels);
        }
        if (radius.size() != 2 || radius.get(0) > radius.get(1)) {
            throw new IllegalArgumentException(
                    "radius must be [smallest, largest], the first at most the second, got " + radius);
        }
    }

    public DeadLeaves() {
        this(List.of(64, 64), 1, List.of(0.5, 64.0), 2, 10000, Optional.empty(), Optional.empty(), false, 0, 1000);
    }

    /** Images that are taken whole. */
    public DeadLeaves(
            List<Integer> size, int channels, List<Double> radius, int samples, int count, int limit, int holdOut) {
        this(size, channels, radius, samples, count, Optional.empty(), Optional.empty(), false, limit, holdOut);
    }

    @Override
    public Optional<Patch> patches() {
        return Patch.of(patch, margin, augment);
    }

    @Override
    public Items open(Places places, RandomStreams streams) {
        return new Items.Clean(new Painted(this, streams));
    }

    private float[] painted(RandomGenerator rng) {
        int height = size.get(0);
        int width = size.get(1);
        Discs discs = new Discs(height, width, radius.get(0), radius.get(1));
        Occlusion image = new Occlusion(channels, height, width, samples);
        float[] brightness = new float[channels];
        while (!image.isCovered()) {
            double r = discs.radius(rng);
            double row = rng.nextDouble() * (height + 2 * r) - r;
            double column = rng.nextDouble() * (width + 2 * r) - r;
            for (int c = 0; c < channels; c++) {
                brightness[c] = 2 * rng.nextFloat() - 1;
            }
            image.paint(row, column, r, brightness);
        }
        return image.values();
    }

    /** The images, each painted with a stream of its own. */
    private record Painted(DeadLeaves leaves, RandomStreams streams) implements Table {
        @Override
        public int count() {
            return leaves.count;
        }

        @Override
        public long[] itemShape() {
            return new long[] {leaves.channels, leaves.size.get(0), leaves.size.get(1)};
        }

        @Override
        public void read(int[] numbers, float[] to) {
            int size = itemSize();
            for (int i = 0; i < numbers.length; i++) {
                int number = Objects.checkIndex(numbers[i], count());
                System.arraycopy(leaves.painted(streams.stream("data", number)), 0, to, i * size, size);
            }
        }

        @Override
        public String where(int number) {
            return "dead-leaves";
        }
    }
}
