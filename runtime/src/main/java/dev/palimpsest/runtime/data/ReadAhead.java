package dev.palimpsest.runtime.data;

import dev.palimpsest.api.Observations;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.nd4j.linalg.factory.Nd4j;

/** Reads the observations that will be asked for next on another thread, while the caller works; whatever is asked for then, the answer is the same. */
public final class ReadAhead implements AutoCloseable {
    private final ObservationSet observations;
    private final ExecutorService reader = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "palimpsest-read-ahead");
        thread.setDaemon(true);
        return thread;
    });
    private Optional<Expected> expected = Optional.empty();

    private record Expected(int[] numbers, CompletableFuture<Block> block) {}

    private record Block(float[] y, Optional<float[]> conditioning) {}

    public ReadAhead(ObservationSet observations) {
        this.observations = observations;
    }

    /** Begins to read the observations with these numbers. */
    public void expect(int[] numbers) {
        int[] asked = numbers.clone();
        expected = Optional.of(new Expected(asked, CompletableFuture.supplyAsync(() -> read(asked), reader)));
    }

    /**
     * The same as {@link ObservationSet#rows(int[])}, at once if they were expected.
     *
     * @throws DataException if they cannot be read
     */
    public Observations rows(int[] numbers) {
        Optional<Expected> asked = expected.filter(e -> Arrays.equals(e.numbers, numbers));
        if (asked.isEmpty()) {
            return observations.rows(numbers);
        }
        expected = Optional.empty();
        Block block = read(asked.get());
        return new Observations(
                Nd4j.createFromArray(block.y).reshape('c', Shapes.batch(numbers.length, observations.itemShape())),
                block.conditioning.map(values -> Nd4j.createFromArray(values)
                        .reshape(
                                'c',
                                Shapes.batch(
                                        numbers.length,
                                        observations.conditioningShape().orElseThrow()))));
    }

    /** Waits for what is being read. */
    @Override
    public void close() {
        reader.shutdown();
        expected.ifPresent(e -> e.block.handle((block, failed) -> failed).join());
    }

    private Block read(int[] numbers) {
        return new Block(
                values(observations.y(), numbers), observations.conditioning().map(known -> values(known, numbers)));
    }

    private static float[] values(Table table, int[] numbers) {
        float[] values = new float[Math.multiplyExact(numbers.length, table.itemSize())];
        table.read(numbers, values);
        return values;
    }

    private static Block read(Expected expected) {
        try {
            return expected.block.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failed.getCause();
        }
    }
}
