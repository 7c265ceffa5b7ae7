package dev.palimpsest.plugins.mlp;

import dev.palimpsest.api.KernelTime;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The memory of one batch size: rows, activations, slopes and deltas of the hidden layers, and errors, allocated once. Each block of rows goes through all layers on its
 * own; the gradients of the weights are then taken over all rows at once.
 */
final class Plan {
    private static final int ROWS = 256;

    private final int items;
    private final List<Dense> layers;
    private final int last;
    private final Floats x;
    private final List<Floats> activations;
    private final List<Floats> slopes;
    private final List<Floats> deltas;
    private final Optional<Floats> errors;
    private final List<Block> blocks;
    private final List<WeightPiece> weightPieces = new ArrayList<>();
    private long rowsNanos;
    private long weightsNanos;

    /** @param withGradient whether there are slopes, deltas and errors, too */
    Plan(int items, List<Dense> layers, boolean withGradient) {
        this.items = items;
        this.layers = layers;
        last = layers.size() - 1;
        x = Floats.matrix(items, layers.get(0).in());
        activations = hiddenMatrices();
        slopes = withGradient ? hiddenMatrices() : List.of();
        deltas = withGradient ? hiddenMatrices() : List.of();
        errors =
                withGradient ? Optional.of(Floats.matrix(items, layers.get(last).out())) : Optional.empty();
        blocks = IntStream.range(0, Pieces.of(items, ROWS))
                .mapToObj(block -> new Block(block * ROWS))
                .toList();
        for (int layer = 0; layer <= last; layer++) {
            for (int piece = 0; piece < layers.get(layer).pieces(); piece++) {
                weightPieces.add(new WeightPiece(layer, piece));
            }
        }
    }

    private record WeightPiece(int layer, int piece) {}

    void close() {
        Stream.of(List.of(x), activations, slopes, deltas, errors.stream().toList())
                .flatMap(List::stream)
                .forEach(matrix -> matrix.array().close());
    }

    /** y [items, out] at the rows given. */
    void forward(MlpInput.Rows given, Floats y) {
        Pieces.inParallel(blocks.size(), block -> blocks.get(block).forward(given, y));
    }

    /** The mean of (y - target)^2 at the rows given, whose gradients all layers are left with. */
    double squaredError(MlpInput.Rows given, FloatBuffer target) {
        Floats error = errors.orElseThrow();
        long start = System.nanoTime();
        Pieces.inParallel(blocks.size(), block -> blocks.get(block).squaredError(given, error, target));
        long between = System.nanoTime();
        Pieces.inParallel(weightPieces.size(), next -> {
            WeightPiece part = weightPieces.get(next);
            int layer = part.layer();
            layers.get(layer)
                    .weightGradient(
                            part.piece(),
                            layer == 0 ? x : activations.get(layer - 1),
                            layer == last ? error : deltas.get(layer),
                            items);
        });
        double sum = 0;
        for (Block block : blocks) {
            sum += block.squares;
        }
        for (int layer = 0; layer <= last; layer++) {
            float[] total = new float[layers.get(layer).out()];
            for (Block block : blocks) {
                Silu.add(total, block.biasGradients[layer], total.length);
            }
            layers.get(layer).biasGradient(total);
        }
        rowsNanos = between - start;
        weightsNanos = System.nanoTime() - between;
        return sum / values();
    }

    /** How many floats a plan holds for hidden layers of these sizes, without rows and errors. */
    static long length(long items, List<Integer> widths, boolean withGradient) {
        return items * widths.stream().mapToLong(Integer::longValue).sum() * (withGradient ? 3 : 1);
    }

    /**
     * Where the time of the last {@link #squaredError} went: in the rows of all layers ("dense": forward, and back to the gradients of what goes in), and
     * in the gradients of the weights. Blocks run beside each other, so that the time of them all is shared out as the blocks' own times are.
     */
    List<KernelTime> times() {
        double forward = blocks.stream().mapToLong(block -> block.forwardNanos).sum();
        double backward =
                blocks.stream().mapToLong(block -> block.backwardNanos).sum();
        double share = forward / (forward + backward);
        return List.of(
                new KernelTime("dense", layers.size(), share * rowsNanos / 1e9, (1 - share) * rowsNanos / 1e9),
                new KernelTime("weight gradient", layers.size(), 0, weightsNanos / 1e9));
    }

    private long values() {
        return (long) items * layers.get(last).out();
    }

    private List<Floats> hiddenMatrices() {
        return layers.subList(0, last).stream()
                .map(layer -> Floats.matrix(items, layer.out()))
                .toList();
    }

    /** Some rows of the batch. */
    private final class Block {
        private final int first;
        private final int rows;
        private final Floats input;
        private final List<Floats> activations;
        private final List<Floats> slopes;
        private final List<Floats> deltas;
        private final float[][] biasGradients;
        private double squares;
        private long forwardNanos;
        private long backwardNanos;

        Block(int first) {
            this.first = first;
            rows = Math.min(ROWS, items - first);
            input = x.from((long) first * layers.get(0).in());
            activations = ownRows(Plan.this.activations);
            slopes = ownRows(Plan.this.slopes);
            deltas = ownRows(Plan.this.deltas);
            biasGradients = layers.stream().map(layer -> new float[layer.out()]).toArray(float[][]::new);
        }

        void forward(MlpInput.Rows given, Floats y) {
            read(given);
            for (int i = 0; i < last; i++) {
                layers.get(i).activate(below(i), activations.get(i), rows);
            }
            layers.get(last).affine(below(last), output(y), rows);
        }

        void squaredError(MlpInput.Rows given, Floats errors, FloatBuffer target) {
            long start = System.nanoTime();
            read(given);
            for (int i = 0; i < last; i++) {
                layers.get(i).activate(below(i), activations.get(i), slopes.get(i), rows);
            }
            Floats delta = output(errors);
            layers.get(last).affine(below(last), delta, rows);
            long between = System.nanoTime();
            compare(delta, target);
            layers.get(last).sumColumns(delta, rows, biasGradients[last]);
            for (int i = last - 1; i >= 0; i--) {
                layers.get(i + 1).back(delta, deltas.get(i), rows);
                delta = deltas.get(i);
                layers.get(i).throughActivation(delta, slopes.get(i), rows);
                layers.get(i).sumColumns(delta, rows, biasGradients[i]);
            }
            forwardNanos = between - start;
            backwardNanos = System.nanoTime() - between;
        }

        /** Sums (y - target)^2, and turns y into the gradient of the mean of it over the batch. */
        private void compare(Floats y, FloatBuffer target) {
            int length = rows * layers.get(last).out();
            float[][] scratch = Scratch.arrays(length);
            float[] error = scratch[0];
            float[] wanted = scratch[1];
            y.read(0, error, length);
            target.get(first * layers.get(last).out(), wanted, 0, length);
            float factor = 2f / values();
            squares = 0;
            for (int i = 0; i < length; i++) {
                float difference = error[i] - wanted[i];
                squares += (double) difference * difference;
                error[i] = factor * difference;
            }
            y.write(0, error, length);
        }

        private void read(MlpInput.Rows given) {
            int size = layers.get(0).in();
            float[] row = Scratch.arrays(size)[0];
            for (int i = 0; i < rows; i++) {
                given.read(first + i, row);
                input.write(i * size, row, size);
            }
        }

        private Floats below(int layer) {
            return layer == 0 ? input : activations.get(layer - 1);
        }

        private Floats output(Floats y) {
            return y.from((long) first * layers.get(last).out());
        }

        private List<Floats> ownRows(List<Floats> matrices) {
            return IntStream.range(0, matrices.size())
                    .mapToObj(i ->
                            matrices.get(i).from((long) first * layers.get(i).out()))
                    .toList();
        }
    }
}
