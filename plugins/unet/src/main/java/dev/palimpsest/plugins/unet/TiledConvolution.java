package dev.palimpsest.plugins.unet;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
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
    private float[][] biasGradients;
    private float[] offsets;
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
    }

    /** Whether there are enough channels to sum over, and enough tiles to be worth the transform of the weights: measured, see docs/performance.md. */
    static boolean pays(Tensor in) {
        return in.channels >= LEAST_CHANNELS && in.items * tiles(in.height) * tiles(in.width) >= LEAST_TILES;
    }

    private static int tiles(int size) {
        return (size + Winograd.TILE - 1) / Winograd.TILE;
    }

    /** How many lanes can be worked on at once. */
    private int atOnce() {
        return Math.min(lanes, ForkJoinPool.getCommonPoolParallelism() + 1);
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
    public long workingLength(boolean withBackward) {
        return atOnce() * workspaceLength() + (withBackward ? 1 + lanes : 1) * weightsLength();
    }

    @Override
    public void prepare(boolean withBackward) {
        Storage working = parameters.working();
        transformed = working.part(0, weightsLength());
        weights = new Matrices(transformed, 0, matrix, out.channels);
        workspaces = new ArrayBlockingQueue<>(atOnce());
        long at = weightsLength();
        for (int i = 0; i < atOnce(); i++, at += workspaceLength()) {
            workspaces.add(new Workspace(working.part(at, workspaceLength())));
        }
        if (withBackward) {
            biasGradients = new float[lanes][out.channels];
            weightGradients = new Storage[lanes];
            weightGradientMatrices = new Matrices[lanes];
            for (int lane = 0; lane < lanes; lane++, at += weightsLength()) {
                weightGradients[lane] = working.part(at, weightsLength());
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

    /**
     * Where a thread keeps the transforms of a block, as many values as in the input's and as in the output's; and what is done with them, made once: a
     * batch has thousands of blocks.
     */
    private final class Workspace {
        final Matrices ins;
        final Matrices outs;
        private final float[] none = new float[in.channels];
        private final Strips inPatches;
        private final Strips outPatches;
        private final Strips outTiles;
        private final Strips outResults;
        private final Strips inResults;
        private final IntConsumer product = this::product;
        private final IntConsumer weightGradient = this::weightGradient;
        private final IntConsumer inGradient = this::inGradient;
        private int lane;
        private int first;
        private int count;
        private boolean starts;

        Workspace(Storage storage) {
            int size = blockTiles() * in.channels;
            ins = new Matrices(storage, 0, size, in.channels);
            outs = new Matrices(storage, (long) Winograd.POINTS * size, blockTiles() * out.channels, out.channels);
            inPatches = new Strips(
                    this,
                    in.channels,
                    (planes, row, tiles, tile) -> patches(in, in.value(), planes, row, tiles, tile, ins));
            outPatches = new Strips(
                    this,
                    out.channels,
                    (planes, row, tiles, tile) -> patches(out, out.gradient(), planes, row, tiles, tile, outs));
            outTiles = new Strips(
                    this, out.channels, (planes, row, tiles, tile) -> resultGradients(planes, row, tiles, tile, outs));
            outResults = new Strips(
                    this,
                    out.channels,
                    (planes, row, tiles, tile) -> results(outs, planes, row, tiles, tile, out, out.value(), offsets));
            inResults = new Strips(
                    this,
                    in.channels,
                    (planes, row, tiles, tile) -> results(ins, planes, row, tiles, tile, in, in.gradient(), none));
        }

        /** Takes the rows of tiles of a lane from {@code first} on. */
        void take(int newLane, int newFirst, int newCount) {
            lane = newLane;
            first = newFirst;
            count = newCount;
            starts = newFirst == start(newLane);
        }

        void forward() {
            inPatches.run();
            pieces(Winograd.POINTS, product);
            outResults.run();
        }

        void backward() {
            inPatches.run();
            outTiles.run();
            pieces(Winograd.POINTS, weightGradient);
            sumTiles(outs, tiles(), biasGradients[lane], starts);
            outPatches.run();
            pieces(Winograd.POINTS, inGradient);
            inResults.run();
        }

        private int tiles() {
            return count * tileColumns;
        }

        private void product(int point) {
            Blas.multiply(
                    tiles(),
                    out.channels,
                    in.channels,
                    1,
                    ins.points[point],
                    weights.points[point],
                    0,
                    outs.points[point]);
        }

        private void weightGradient(int point) {
            Blas.transposedMultiply(
                    in.channels,
                    out.channels,
                    tiles(),
                    1,
                    ins.points[point],
                    outs.points[point],
                    starts ? 0 : 1,
                    weightGradientMatrices[lane].points[point]);
        }

        private void inGradient(int point) {
            Blas.multiplyTransposed(
                    tiles(),
                    in.channels,
                    out.channels,
                    1,
                    outs.points[point],
                    weights.points[point],
                    0,
                    ins.points[point]);
        }
    }

    /** Runs a pass over all blocks, those of a lane in order. */
    private void inLanes(Consumer<Workspace> pass) {
        Kernels.parallel(lanes, lane -> {
            Workspace workspace = workspaces.remove();
            try {
                int end = start(lane + 1);
                for (int first = start(lane); first < end; first += blockRows) {
                    workspace.take(lane, first, Math.min(blockRows, end - first));
                    pass.accept(workspace);
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
        offsets = bias.values();
        inLanes(Workspace::forward);
    }

    @Override
    public void backward() {
        in.startGradient();
        transformWeights(true);
        inLanes(Workspace::backward);
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

    /** Work on some rows of a block's tiles: {@code tile} is the first one's number in the block. */
    private interface StripWork {
        void on(float[][] planes, int row, int count, int tile);
    }

    /** A kind of work on a block, strip by strip. */
    private final class Strips implements IntConsumer {
        private final Workspace block;
        private final int channels;
        private final StripWork work;
        private final int rows;

        Strips(Workspace block, int channels, StripWork work) {
            this.block = block;
            this.channels = channels;
            this.work = work;
            rows = Math.max(1, STRIP / (tileColumns * channels));
        }

        void run() {
            pieces((block.count + rows - 1) / rows, this);
        }

        @Override
        public void accept(int strip) {
            int row = strip * rows;
            int length = rows * tileColumns * channels;
            work.on(
                    Scratch.arrays(2 * Winograd.POINTS + 1, Math.max(length, in.width * channels)),
                    block.first + row,
                    Math.min(rows, block.count - row),
                    row * tileColumns);
        }
    }

    private void patches(
            Tensor tensor, Storage values, float[][] planes, int row, int count, int tile, Matrices result) {
        gather(tensor, values.floats(), row, count, Winograd.PATCH, -1, planes);
        int length = count * tileColumns * tensor.channels;
        Winograd.patches(planes, length);
        put(planes, result, tile * tensor.channels, length);
    }

    private void resultGradients(float[][] planes, int row, int count, int tile, Matrices result) {
        gather(out, out.gradient().floats(), row, count, Winograd.TILE, 0, planes);
        int length = count * tileColumns * out.channels;
        Winograd.resultGradients(planes, length);
        put(planes, result, tile * out.channels, length);
    }

    private static void put(float[][] planes, Matrices result, int at, int length) {
        for (int point = 0; point < Winograd.POINTS; point++) {
            result.storage.floats().put(result.offset + point * result.size + at, planes[point], 0, length);
        }
    }

    /** Element (a, b) of every tile's square of so many pixels, which begins {@code shift} pixels right of and below the tile; 0 outside of the image. */
    private void gather(
            Tensor tensor, FloatBuffer values, int first, int count, int size, int shift, float[][] planes) {
        float[] line = planes[2 * Winograd.POINTS];
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
    private void results(
            Matrices products,
            float[][] planes,
            int row,
            int count,
            int tile,
            Tensor tensor,
            Storage values,
            float[] offsets) {
        int channels = tensor.channels;
        int length = count * tileColumns * channels;
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
        scatter(tensor, values.floats(), row, count, planes);
    }

    private void scatter(Tensor tensor, FloatBuffer values, int first, int count, float[][] planes) {
        float[] line = planes[2 * Winograd.POINTS];
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
