package dev.palimpsest.runtime.transport;

import dev.palimpsest.api.Observations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Estimates images that are larger than a network's items: each is cut into tiles of that size which overlap, each tile is estimated by itself, and where
 * tiles overlap the estimates are blended with weights that fall from 1 to 0 as sin^2 and cos^2 do, and add up to 1 at each pixel. A tile's own border, where
 * it sees least around it, weighs nothing. What is known of the corruption is cut likewise, maps, or given to each tile, vectors.
 *
 * @param height of a tile
 * @param width of a tile
 * @param grid tiles begin at multiples of it, but for the last ones of an image whose size is none
 */
public record Tiling(int height, int width, int grid) {
    /** Tiles overlap by at least this part of their size. */
    private static final int OVERLAP = 4;

    /** How a window of this size is cut into tiles of it, when it has a margin on each side: tiles begin at multiples of the margin, which is one of the grid's. */
    public static Tiling withMargin(int height, int width, int margin) {
        return new Tiling(height, width, margin);
    }

    /**
     * Estimates images.
     *
     * @param observed y [n, channels, H, W], no smaller than a tile
     * @param atOnce how many tiles are estimated together
     * @param estimate of observations of a tile's size; its result is freed
     * @return a new array of y's shape; of images of a tile's size, what the estimate gives
     */
    public INDArray apply(Observations observed, int atOnce, Function<Observations, INDArray> estimate) {
        INDArray y = observed.y();
        if (y.size(2) == height && y.size(3) == width) {
            return estimate.apply(observed);
        }
        Axis rows = new Axis(Math.toIntExact(y.size(2)), height, grid);
        Axis columns = new Axis(Math.toIntExact(y.size(3)), width, grid);
        List<Tile> tiles = new ArrayList<>();
        for (int item = 0; item < y.size(0); item++) {
            for (int row = 0; row < rows.starts.length; row++) {
                for (int column = 0; column < columns.starts.length; column++) {
                    tiles.add(new Tile(item, row, column));
                }
            }
        }
        Planes from = Planes.of(y);
        Optional<INDArray> known = observed.conditioning();
        Optional<Planes> maps = known.filter(c -> c.rank() == 4).map(Planes::of);
        Planes to = new Planes(new float[from.values.length], from.channels, from.height, from.width);
        for (int first = 0; first < tiles.size(); first += atOnce) {
            List<Tile> some = tiles.subList(first, Math.min(tiles.size(), first + atOnce));
            try (INDArray cut = cut(from, some, rows, columns)) {
                Optional<INDArray> ofThese =
                        maps.map(planes -> cut(planes, some, rows, columns)).or(() -> known.map(c -> vectors(c, some)));
                try (INDArray x = estimate.apply(new Observations(cut, ofThese))) {
                    add(Planes.of(x), some, rows, columns, to);
                }
                ofThese.ifPresent(INDArray::close);
            }
        }
        return Nd4j.createFromArray(to.values).reshape('c', y.shape());
    }

    /** How many tiles an image of this size is cut into. */
    public long count(int imageHeight, int imageWidth) {
        return (long) new Axis(imageHeight, height, grid).starts.length
                * new Axis(imageWidth, width, grid).starts.length;
    }

    private INDArray cut(Planes from, List<Tile> tiles, Axis rows, Axis columns) {
        float[] cut = new float[tiles.size() * from.channels * height * width];
        int at = 0;
        for (Tile tile : tiles) {
            for (int channel = 0; channel < from.channels; channel++) {
                for (int row = 0; row < height; row++) {
                    int place = from.at(tile.item, channel, rows.starts[tile.row] + row, columns.starts[tile.column]);
                    System.arraycopy(from.values, place, cut, at, width);
                    at += width;
                }
            }
        }
        return Nd4j.createFromArray(cut).reshape('c', tiles.size(), from.channels, height, width);
    }

    private static INDArray vectors(INDArray known, List<Tile> tiles) {
        return Nd4j.pullRows(known, 1, tiles.stream().mapToInt(Tile::item).toArray());
    }

    private void add(Planes estimates, List<Tile> tiles, Axis rows, Axis columns, Planes to) {
        int at = 0;
        for (Tile tile : tiles) {
            float[] down = rows.weights[tile.row];
            float[] across = columns.weights[tile.column];
            for (int channel = 0; channel < to.channels; channel++) {
                for (int row = 0; row < height; row++) {
                    int place = to.at(tile.item, channel, rows.starts[tile.row] + row, columns.starts[tile.column]);
                    for (int column = 0; column < width; column++) {
                        to.values[place + column] += down[row] * across[column] * estimates.values[at++];
                    }
                }
            }
        }
    }

    private record Tile(int item, int row, int column) {}

    private record Planes(float[] values, int channels, int height, int width) {
        static Planes of(INDArray x) {
            return new Planes(x.dup('c').data().asFloat(), (int) x.size(1), (int) x.size(2), (int) x.size(3));
        }

        int at(int item, int channel, int row, int column) {
            return ((item * channels + channel) * height + row) * width + column;
        }
    }

    /** Where tiles begin along one direction, and what each of their pixels weighs. */
    private static final class Axis {
        private final int[] starts;
        private final float[][] weights;

        Axis(int length, int tile, int grid) {
            if (length < tile) {
                throw new IllegalArgumentException(
                        "expected an image of at least " + tile + " pixels in each direction, got " + length);
            }
            int step = Math.max(1, (tile - tile / OVERLAP) / grid) * grid;
            int tiles = length == tile ? 1 : 1 + (length - tile + step - 1) / step;
            starts = new int[tiles];
            for (int i = 1; i < tiles - 1; i++) {
                starts[i] = (int) Math.round((double) i * (length - tile) / (tiles - 1) / grid) * grid;
            }
            starts[tiles - 1] = length - tile;
            weights = new float[tiles][tile];
            double[] sums = new double[length];
            for (int i = 0; i < tiles; i++) {
                for (int k = 0; k < tile; k++) {
                    weights[i][k] = (float) (rising(i, k, tile) * falling(i, k, tile));
                    sums[starts[i] + k] += weights[i][k];
                }
            }
            for (int i = 0; i < tiles; i++) {
                for (int k = 0; k < tile; k++) {
                    weights[i][k] /= (float) sums[starts[i] + k];
                }
            }
        }

        private double rising(int i, int k, int tile) {
            return i == 0 ? 1 : ramp((k + .5) / (starts[i - 1] + tile - starts[i]));
        }

        private double falling(int i, int k, int tile) {
            return i == starts.length - 1 ? 1 : ramp((tile - k - .5) / (starts[i] + tile - starts[i + 1]));
        }

        private static double ramp(double share) {
            double sine = Math.sin(Math.PI / 2 * Math.min(1, share));
            return sine * sine;
        }
    }
}
