package dev.palimpsest.runtime.train;

import dev.palimpsest.api.Observations;
import dev.palimpsest.runtime.data.Shapes;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The last few blocks of observations that were transported, and x = Phi(y) beside each y; steps draw from them at random. */
final class TransportedPool {
    /** Transported items and what they come from. */
    record Transported(INDArray x, Observations y) {}

    private final int blocks;
    private final int blockSize;
    private Optional<Columns> columns = Optional.empty();
    private int added;
    private int newest;

    /** @param blocks how many are kept; a new one replaces the oldest */
    TransportedPool(int blocks, int blockSize) {
        this.blocks = blocks;
        this.blockSize = blockSize;
    }

    /** @param step the training step that it is first drawn in, from 1 */
    void add(int step, Transported block) {
        Columns kept = columns.orElseGet(() -> Columns.like(block, blocks));
        columns = Optional.of(kept);
        int at = added % blocks * blockSize;
        kept.x().put(at, block.x());
        kept.y().put(at, block.y().y());
        kept.conditioning()
                .ifPresent(known -> known.put(at, block.y().conditioning().orElseThrow()));
        added++;
        newest = step;
    }

    /** The step of the block that was added last; 0 if there is none. */
    int newest() {
        return newest;
    }

    /** Copies what it holds. */
    void save(TrainingState state) {
        state.put("pool.added", added);
        state.put("pool.newest", newest);
        columns.ifPresent(kept -> {
            state.putCopy("pool.x", kept.x().all());
            state.putCopy("pool.y", kept.y().all());
            kept.conditioning().ifPresent(known -> state.putCopy("pool.conditioning", known.all()));
        });
    }

    void restore(TrainingState state) {
        added = (int) state.number("pool.added");
        newest = (int) state.number("pool.newest");
        if (added > 0) {
            columns = Optional.of(new Columns(
                    Column.of(state.array("pool.x")),
                    Column.of(state.array("pool.y")),
                    state.has("pool.conditioning")
                            ? Optional.of(Column.of(state.array("pool.conditioning")))
                            : Optional.empty()));
        }
    }

    boolean isEmpty() {
        return added == 0;
    }

    /**
     * As many items as a block has, distinct, and in random order; all of a single block come as they are. What is returned lasts until the next call.
     */
    Transported draw(RandomGenerator rng) {
        int[] rows = Arrays.copyOf(order(Math.min(added, blocks) * blockSize, rng), blockSize);
        Columns kept = columns.orElseThrow();
        return new Transported(
                kept.x().rows(rows),
                new Observations(kept.y().rows(rows), kept.conditioning().map(known -> known.rows(rows))));
    }

    private int[] order(int count, RandomGenerator rng) {
        int[] order = new int[count];
        Arrays.setAll(order, i -> i);
        if (count > blockSize) {
            for (int i = 0; i < blockSize; i++) {
                int j = rng.nextInt(i, count);
                int swapped = order[i];
                order[i] = order[j];
                order[j] = swapped;
            }
        }
        return order;
    }

    private record Columns(Column x, Column y, Optional<Column> conditioning) {
        static Columns like(Transported block, int blocks) {
            return new Columns(
                    Column.like(block.x(), blocks),
                    Column.like(block.y().y(), blocks),
                    block.y().conditioning().map(known -> Column.like(known, blocks)));
        }
    }

    /** Rows of one shape, in Java's memory, where copying a row costs nothing but the copy. */
    private record Column(float[] values, int rowSize, long[] rowShape, BatchArray drawn) {
        static Column like(INDArray block, int blocks) {
            int length = Math.toIntExact(block.length());
            long[] rowShape = Shapes.item(block.shape());
            return new Column(
                    new float[Math.multiplyExact(length, blocks)],
                    length / (int) block.size(0),
                    rowShape,
                    new BatchArray());
        }

        static Column of(INDArray all) {
            Column column = like(all, 1);
            column.put(0, all);
            return column;
        }

        INDArray all() {
            return Nd4j.createFromArray(values).reshape('c', Shapes.batch(values.length / rowSize, rowShape));
        }

        void put(int row, INDArray block) {
            HostMemory.of(block).get(0, values, row * rowSize, Math.toIntExact(block.length()));
            Reference.reachabilityFence(block);
        }

        INDArray rows(int[] rows) {
            float[] to = drawn.values(Shapes.batch(rows.length, rowShape));
            for (int i = 0; i < rows.length; i++) {
                System.arraycopy(values, rows[i] * rowSize, to, i * rowSize, rowSize);
            }
            return drawn.written();
        }
    }
}
