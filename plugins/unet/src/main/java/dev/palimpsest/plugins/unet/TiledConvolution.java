package dev.palimpsest.plugins.unet;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntConsumer;

/**
 * A 3x3 convolution with zero padding, out [N, H, W, o] = in [N, H, W, i] * weight [3, 3, i, o] + bias [o], by {@link Winograd}'s algorithm: a quarter of
 * the multiplications.
 *
 * <p>Rows of tiles are cut into lanes, which are independent but for the gradient of the weights, and lanes into blocks whose transforms fit the cache.
 * All cuts depend on the sizes alone, so that no sum depends on the number of threads.
 */
final class TiledConvolution implements Layer {
    private static final int LEAST_CHANNELS = 8;
    private static final int LEAST_TILES = 16;
    private static final int LANES = 8;
    private static final int TILES = 64;
    private static final int STRIP = 1024;
    private static final int STRETCH = 1024;

    private final Tensor in;
    private final Tensor out;
    private final Parameters parameters;
    private final Parameter weight;
    private final Parameter bias;
    private final int matrix;
    private final int tileRows;
    private final int tileColumns;
    private final int rows;
    private final int lanes;
    private final int blockRows;
    private final float[][] biasGradients;
    private Storage transformed;
    private Matrices weights;
    private BlockingQueue<Workspace> workspaces;
    private Storage[] weightGradients;
    private Matrices[] weightGradientMatrices;

    /** The input must have no other reader, as its gradient is overwritten. */
    TiledConvolution(Tensor in, Tensor out, boolean startsAtZero, Parameters parameters) {
        this.in = in;
        this.out = out;
        this.parameters = parameters;
        weight = Convolution.weight(in, out, startsAtZero, parameters);
        bias = parameters.constant(0, out.channels);
        matrix = Math.multiplyExact(in.channels, out.channels);
        tileRows = tiles(in.height);
        tileColumns = tiles(in.width);
        rows = in.items * tileRows;
        blockRows = Math.min(rows, Math.max(1, TILES / tileColumns));
        lanes = Math.min(LANES, (rows + blockRows - 1) / blockRows);
        biasGradients = new float[lanes][out.channels];
        parameters.reserve(weightsLength() + threads() * workspaceLength() + lanes * weightsLength());
    }

    /** Whether there are enough channels to sum over, and enough tiles to be worth the transform of the weights: measured, see docs/performance.md. */
    static boolean pays(Tensor in) {
        return in.channels >= LEAST_CHANNELS && in.items * tiles(in.height) * tiles(in.width) >= LEAST_TILES;
    }

    private static int tiles(int size) {
        return (size + Winograd.TILE - 1) / Winograd.TILE;
    }

    private static int threads() {
        return ForkJoinPool.getCommonPoolParallelism() + 1;
    }

    private long weightsLength() {
        return (long) Winograd.POINTS * matrix;
    }

    private int blockTiles() {
        return blockRows * tileColumns;
    }

    private long workspaceLength() {
        return (long) Winograd.POINTS * blockTiles() * (in.channels + out.channels);
    }

    @Override
    public List<Tensor> tensors() {
        return List.of(in, out);
    }

    @Override
    public void prepare(boolean withBackward) {
        Storage reserved = parameters.reserved();
        transformed = reserved.part(0, weightsLength());
        weights = new Matrices(transformed, 0, matrix, out.channels);
        workspaces = new ArrayBlockingQueue<>(threads());
        long at = weightsLength();
        for (int i = 0; i < threads(); i++, at += workspaceLength()) {
            workspaces.add(new Workspace(reserved.part(at, workspaceLength())));
        }
        if (withBackward) {
            weightGradients = new Storage[lanes];
            weightGradientMatrices = new Matrices[lanes];
            for (int lane = 0; lane < lanes; lane++, at += weightsLength()) {
                weightGradients[lane] = reserved.part(at, weightsLength());
                weightGradientMatrices[lane] = new Matrices(weightGradients[lane], 0, matrix, out.channels);
            }
        }
    }

    /** One matrix for each of the 36 elements of a transform. */
    private static final class Matrices {
        final Storage storage;
        final int offset;
        final int size;
        final Blas.Matrix[] points = new Blas.Matrix[Winograd.POINTS];

        Matrices(Storage storage, long offset, int size, int columns) {
            this.storage = storage;
            this.offset = Math.toIntExact(offset);
            this.size = size;
            for (int point = 0; point < points.length; point++) {
                points[point] = Blas.Matrix.of(storage, offset + (long) point * size, columns);
            }
        }
    }

    /** Where a thread keeps the transforms of a block: as many values as in the input's, and as in the output's. */
    private final class Workspace {
        final Matrices ins;
        final Matrices outs;

        Workspace(Storage storage) {
            int size = blockTiles() * in.channels;
            ins = new Matrices(storage, 0, size, in.channels);
            outs = new Matrices(storage, (long) Winograd.POINTS * size, blockTiles() * out.channels, out.channels);
        }
    }

    /** A task on some rows of tiles. */
    private interface Work {
        void on(Workspace workspace, int lane, int first, int count);
    }

    private void inLanes(Work work) {
        Kernels.parallel(lanes, lane -> {
            Workspace workspace = workspaces.remove();
            try {
                int end = start(lane + 1);
                for (int first = start(lane); first < end; first += blockRows) {
                    work.on(workspace, lane, first, Math.min(blockRows, end - first));
                }
            } finally {
                workspaces.add(workspace);
            }
        });
    }

    private int start(int lane) {
        return (int) ((long) lane * rows / lanes);
    }

    /** Runs the pieces of a block: side by side where there is one lane only. */
    private void pieces(int count, IntConsumer work) {
        if (lanes == 1) {
            Kernels.parallel(count, work);
        } else {
            for (int piece = 0; piece < count; piece++) {
                work.accept(piece);
            }
        }
    }

    @Override
    public void forward() {
        transformWeights(false);
        float[] offsets = bias.values();
        inLanes((workspace, lane, first, count) -> {
            patches(in, in.value(), first, count, workspace.ins);
            int tiles = count * tileColumns;
            pieces(
                    Winograd.POINTS,
                    point -> Blas.multiply(
                            tiles,
                            out.channels,
                            in.channels,
                            1,
                            workspace.ins.points[point],
                            weights.points[point],
                            0,
                            workspace.outs.points[point]));
            results(workspace.outs, out, out.value(), first, count, offsets);
        });
    }

    @Override
    public void backward() {
        in.startGradient();
        transformWeights(true);
        float[] none = new float[in.channels];
        inLanes((workspace, lane, first, count) -> {
            boolean starts = first == start(lane);
            int tiles = count * tileColumns;
            patches(in, in.value(), first, count, workspace.ins);
            resultGradients(first, count, workspace.outs);
            pieces(
                    Winograd.POINTS,
                    point -> Blas.transposedMultiply(
                            in.channels,
                            out.channels,
                            tiles,
                            1,
                            workspace.ins.points[point],
                            workspace.outs.points[point],
                            starts ? 0 : 1,
                            weightGradientMatrices[lane].points[point]));
            sumTiles(workspace.outs, tiles, biasGradients[lane], starts);
            patches(out, out.gradient(), first, count, workspace.outs);
            pieces(
                    Winograd.POINTS,
                    point -> Blas.multiplyTransposed(
                            tiles,
                            in.channels,
                            out.channels,
                            1,
                            workspace.outs.points[point],
                            weights.points[point],
                            0,
                            workspace.ins.points[point]));
            results(workspace.ins, in, in.gradient(), first, count, none);
        });
        gatherWeightGradients();
        bias.sumGradient(biasGradients);
    }

    /** U = G g G^T for all pairs of channels, with g turned by 180 degrees for the way back. */
    private void transformWeights(boolean turned) {
        FloatBuffer from = weight.value().floats();
        FloatBuffer to = transformed.floats();
        Kernels.parallel((matrix + STRETCH - 1) / STRETCH, stretch -> {
            int at = stretch * STRETCH;
            int length = Math.min(STRETCH, matrix - at);
            float[][] planes = Scratch.arrays(2 * Winograd.POINTS, STRETCH);
            for (int tap = 0; tap < 9; tap++) {
                int source = turned ? 8 - tap : tap;
                from.get(source * matrix + at, planes[tap / 3 * Winograd.PATCH + tap % 3], 0, length);
            }
            Winograd.weights(planes, length);
            for (int point = 0; point < Winograd.POINTS; point++) {
                to.put(point * matrix + at, planes[point], 0, length);
            }
        });
    }

    /** The sum of all lanes' dU, and G^T dU G. */
    private void gatherWeightGradients() {
        FloatBuffer to = weight.gradient().floats();
        Kernels.parallel((matrix + STRETCH - 1) / STRETCH, stretch -> {
            int at = stretch * STRETCH;
            int length = Math.min(STRETCH, matrix - at);
            float[][] planes = Scratch.arrays(2 * Winograd.POINTS, STRETCH);
            float[] working = planes[Winograd.POINTS];
            for (int point = 0; point < Winograd.POINTS; point++) {
                weightGradients[0].floats().get(point * matrix + at, planes[point], 0, length);
                for (int lane = 1; lane < lanes; lane++) {
                    weightGradients[lane].floats().get(point * matrix + at, working, 0, length);
                    Kernels.add(planes[point], working, length);
                }
            }
            Winograd.weightGradients(planes, length);
            for (int tap = 0; tap < 9; tap++) {
                to.put(tap * matrix + at, planes[tap / 3 * Winograd.PATCH + tap % 3], 0, length);
            }
        });
    }

    /** Work on a strip of a block's tiles: {@code tile} is the first one's number in the block. */
    private interface StripWork {
        void on(float[][] planes, float[] line, int row, int count, int tile);
    }

    private void inStrips(int channels, int first, int count, StripWork work) {
        int stripRows = Math.max(1, STRIP / (tileColumns * channels));
        pieces((count + stripRows - 1) / stripRows, strip -> {
            int row = strip * stripRows;
            int length = stripRows * tileColumns * channels;
            float[][] planes = Scratch.arrays(2 * Winograd.POINTS + 1, Math.max(length, in.width * channels));
            work.on(
                    planes,
                    planes[2 * Winograd.POINTS],
                    first + row,
                    Math.min(stripRows, count - row),
                    row * tileColumns);
        });
    }

    private void patches(Tensor tensor, Storage values, int first, int count, Matrices result) {
        int channels = tensor.channels;
        inStrips(channels, first, count, (planes, line, row, strip, tile) -> {
            gather(tensor, values.floats(), row, strip, Winograd.PATCH, -1, planes, line);
            int length = strip * tileColumns * channels;
            Winograd.patches(planes, length);
            put(planes, result, tile * channels, length);
        });
    }

    private void resultGradients(int first, int count, Matrices result) {
        int channels = out.channels;
        inStrips(channels, first, count, (planes, line, row, strip, tile) -> {
            gather(out, out.gradient().floats(), row, strip, Winograd.TILE, 0, planes, line);
            int length = strip * tileColumns * channels;
            Winograd.resultGradients(planes, length);
            put(planes, result, tile * channels, length);
        });
    }

    private static void put(float[][] planes, Matrices result, int at, int length) {
        for (int point = 0; point < Winograd.POINTS; point++) {
            result.storage.floats().put(result.offset + point * result.size + at, planes[point], 0, length);
        }
    }

    /** Element (a, b) of every tile's square of so many pixels, which begins {@code shift} pixels right of and below the tile; 0 outside of the image. */
    private void gather(
            Tensor tensor,
            FloatBuffer values,
            int first,
            int count,
            int size,
            int shift,
            float[][] planes,
            float[] line) {
        int channels = tensor.channels;
        for (int row = 0; row < count; row++) {
            int image = (first + row) / tileRows;
            int top = (first + row) % tileRows * Winograd.TILE + shift;
            int to = row * tileColumns * channels;
            for (int a = 0; a < size; a++) {
                int y = top + a;
                boolean inside = y >= 0 && y < tensor.height;
                if (inside) {
                    values.get((image * tensor.height + y) * tensor.width * channels, line, 0, tensor.width * channels);
                }
                for (int b = 0; b < size; b++) {
                    float[] plane = planes[Winograd.PATCH * a + b];
                    for (int column = 0; column < tileColumns; column++) {
                        int x = column * Winograd.TILE + shift + b;
                        int at = to + column * channels;
                        if (inside && x >= 0 && x < tensor.width) {
                            System.arraycopy(line, x * channels, plane, at, channels);
                        } else {
                            Arrays.fill(plane, at, at + channels, 0);
                        }
                    }
                }
            }
        }
    }

    /** Transforms the products of a block's tiles back, and writes them with an offset for each channel. */
    private void results(Matrices products, Tensor tensor, Storage values, int first, int count, float[] offsets) {
        int channels = tensor.channels;
        inStrips(channels, first, count, (planes, line, row, strip, tile) -> {
            int length = strip * tileColumns * channels;
            for (int point = 0; point < Winograd.POINTS; point++) {
                products.storage
                        .floats()
                        .get(products.offset + point * products.size + tile * channels, planes[point], 0, length);
            }
            Winograd.results(planes, length);
            float[] repeated = planes[Winograd.POINTS];
            System.arraycopy(offsets, 0, repeated, 0, channels);
            Kernels.repeat(repeated, channels, length);
            for (int a = 0; a < Winograd.TILE; a++) {
                for (int b = 0; b < Winograd.TILE; b++) {
                    Kernels.add(planes[Winograd.PATCH * a + b], repeated, length);
                }
            }
            scatter(tensor, values.floats(), row, strip, planes, line);
        });
    }

    private void scatter(Tensor tensor, FloatBuffer values, int first, int count, float[][] planes, float[] line) {
        int channels = tensor.channels;
        for (int row = 0; row < count; row++) {
            int image = (first + row) / tileRows;
            int top = (first + row) % tileRows * Winograd.TILE;
            for (int a = 0; a < Winograd.TILE && top + a < tensor.height; a++) {
                for (int x = 0; x < tensor.width; x++) {
                    System.arraycopy(
                            planes[Winograd.PATCH * a + x % Winograd.TILE],
                            (row * tileColumns + x / Winograd.TILE) * channels,
                            line,
                            x * channels,
                            channels);
                }
                values.put(
                        (image * tensor.height + top + a) * tensor.width * channels, line, 0, tensor.width * channels);
            }
        }
    }

    /** Element (1, 1) of A dY A^T is the sum of a tile's values. */
    private void sumTiles(Matrices transforms, int tiles, float[] sums, boolean starts) {
        int channels = out.channels;
        float[] values = Scratch.arrays(1, tiles * channels)[0];
        transforms
                .storage
                .floats()
                .get(transforms.offset + (Winograd.PATCH + 1) * transforms.size, values, 0, tiles * channels);
        if (starts) {
            Arrays.fill(sums, 0);
        }
        for (int at = 0; at < tiles * channels; at += channels) {
            for (int c = 0; c < channels; c++) {
                sums[c] += values[at + c];
            }
        }
    }
}
