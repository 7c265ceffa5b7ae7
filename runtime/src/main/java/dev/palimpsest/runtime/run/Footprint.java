package dev.palimpsest.runtime.run;

import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.runtime.train.MicroBatches;
import dev.palimpsest.runtime.train.TrainingSettings;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * The memory that a run needs at its peak, in bytes, told from its recipe before anything is allocated. The C library and Java keep what was freed for
 * what is needed next, so that the peak is that of the stage that needs most.
 *
 * @param base Java, ND4J and its libraries, and the heap that Java starts with: measured, the same for all recipes
 * @param reading data that are drawn, not read, and what is held out
 * @param training networks, optimiser, the state to go back to, batches and pool
 * @param restoring the trained network, and what is held out, restored and corrupted again
 */
record Footprint(long base, long reading, long training, long restoring) {
    private static final long MEGABYTE = 1 << 20;

    /** Resident outside of the heap and of the arrays that are counted here: Java, ND4J and its libraries, compiled code. Measured on a small network. */
    private static final long LIBRARIES = 190 * MEGABYTE;

    /** What the launcher lets the heap start with: all of it is in use before Java collects for the first time. */
    private static final long FIRST_HEAP = 64 * MEGABYTE;

    /** Vectors as long as the weights, beside those of the networks: two moments, and the weights, moments and average to go back to. */
    private static final int VECTORS = 6;

    /** Arrays of a batch, or of what is transported, beside those of the networks; half of them in Java's heap. */
    private static final int BATCHES = 16;

    /** Arrays of everything that is held out: y, clean, restored, recorrupted and identity, the last three also in blocks, and copies in scoring. */
    private static final int HELD_OUT = 10;

    /** The same of the posterior means: mean and recorrupted, both also in blocks. */
    private static final int MEANS = 4;

    /** Bytes for an item that is held out, while scores project and sort it: 256 directions in double precision, and what has not been collected. */
    private static final int SCORED = 512;

    /** Items at most whose distances from each other scores take, a block of so many rows at a time. */
    private static final int COMPARED = 4000;

    private static final int COMPARED_AT_ONCE = 256;

    /** Matrices of doubles of a block's rows by all items compared: distances, kernels and their products, for each of two threads. */
    private static final int DISTANCES = 6;

    long bytes() {
        return base + Math.max(reading, Math.max(training, restoring));
    }

    /** Empty if the architecture does not tell what its networks need. */
    static Optional<Footprint> of(Pipeline pipeline) {
        return of(
                pipeline,
                pipeline.recipe().train().batch(),
                pipeline.recipe().train().microBatch());
    }

    private static Optional<Footprint> of(Pipeline pipeline, int batch, int microBatch) {
        Need need = new Need(pipeline, batch, microBatch);
        if (need.weights().isEmpty()) {
            return Optional.empty();
        }
        long base = LIBRARIES + Math.min(FIRST_HEAP, Runtime.getRuntime().maxMemory());
        return Optional.of(new Footprint(base, need.reading(), need.training(), need.restoring()));
    }

    /**
     * Refuses what does not fit.
     *
     * @throws RunException if the run needs more than the machine has, saying which batch or part of it would fit
     */
    static void require(Pipeline pipeline, long available) {
        of(pipeline).filter(need -> need.bytes() > available).ifPresent(need -> {
            throw new RunException("the recipe needs about " + need + ", but there are " + gigabytes(available) + "; "
                    + advice(pipeline, available));
        });
    }

    private static String advice(Pipeline pipeline, long available) {
        int batch = pipeline.recipe().train().batch();
        int together = pipeline.recipe().train().recorruptions();
        return halves(batch)
                .filter(part -> fits(pipeline, batch, part, available))
                .mapToObj(part -> "train.microBatch=" + part + " would fit")
                .findFirst()
                .or(() -> halves(batch / together)
                        .map(items -> items * together)
                        .filter(fewer -> fits(pipeline, fewer, 1, available))
                        .mapToObj(fewer -> "train.batch=" + fewer + " train.microBatch=1 would fit")
                        .findFirst())
                .orElse("no batch would fit: use a smaller drift, or data.limit and data.holdOut to read fewer items");
    }

    private static IntStream halves(int of) {
        return IntStream.iterate(of / 2, half -> half >= 1, half -> half / 2);
    }

    private static boolean fits(Pipeline pipeline, int batch, int microBatch, long available) {
        return of(pipeline, batch, microBatch).orElseThrow().bytes() <= available;
    }

    @Override
    public String toString() {
        return gigabytes(bytes()) + " of memory (" + gigabytes(base) + " for Java and libraries, and at most "
                + gigabytes(reading) + " in reading the data, " + gigabytes(training) + " in training, "
                + gigabytes(restoring) + " in restoring)";
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
    }

    /** What the stages need, with a batch and parts of it that may be others than the recipe's. */
    private record Need(Pipeline pipeline, int batch, int microBatch) {
        OptionalLong weights() {
            return pipeline.drift().memory(pipeline.signature(), 0, false);
        }

        /** What the source keeps of itself, and what is held out, twice: as it is read, and as it is kept. */
        long reading() {
            return pipeline.sourceMemory() + 2 * heldOutClean();
        }

        long training() {
            TrainingSettings train = pipeline.recipe().train();
            int parts = MicroBatches.parts(batch, microBatch);
            int block = batch / train.recorruptions();
            long vectors = VECTORS + (parts > 1 ? 1 : 0) + (train.refreshEvery() > 1 ? 1 : 0);
            long student = memory(0, true) + plans(true, batch / parts, (batch + parts - 1) / parts);
            long teacher = memory(0, false) + plans(false, block);
            long judge = train.checkpointEvery() > 0 || train.select() != TrainingSettings.Selection.LAST
                    ? memory(0, false) + plans(false, restored()) + heldOut()
                    : 0;
            long pool = Math.round(1 / train.pool()) * block * (2 * itemBytes() + conditioningBytes()) * wider();
            return heldOutClean()
                    + student
                    + teacher
                    + vectors * memory(0, false)
                    + judge
                    + pool
                    + BATCHES * batch * (itemBytes() + conditioningBytes()) * wider();
        }

        long restoring() {
            int block = batch / pipeline.recipe().train().recorruptions();
            return memory(0, false)
                    + plans(false, block)
                    + plans(false, restored())
                    + heldOut()
                    + means()
                    + scoring()
                    + whole();
        }

        private long means() {
            return MEANS * heldOutClean();
        }

        /** How many times as large as an item a window with its margin is, rounded up. */
        private long wider() {
            return pipeline.scenes()
                    .map(images -> 1
                            + (Arrays.stream(images.context().itemShape()).reduce(1, Math::multiplyExact) - 1)
                                    / pipeline.itemSize())
                    .orElse(1L);
        }

        /** How many items are held out: the windows of images, where they are that. */
        private int held() {
            return pipeline.scenes().isPresent()
                    ? pipeline.split().heldOut().length
                    : pipeline.recipe().data().holdOut();
        }

        /** The arrays of the largest image that is restored whole. */
        private long whole() {
            return (HELD_OUT + MEANS)
                    * pipeline.scenes()
                            .map(images -> images.largest() * Float.BYTES)
                            .orElse(0L);
        }

        private long scoring() {
            long heldOut = held();
            return SCORED * heldOut + (long) DISTANCES * COMPARED_AT_ONCE * Math.min(COMPARED, heldOut) * Double.BYTES;
        }

        private long heldOutClean() {
            return held() * itemBytes();
        }

        private long heldOut() {
            return held() * (HELD_OUT * itemBytes() + conditioningBytes());
        }

        /** The sizes of the blocks in which all that is held out is restored. */
        private int[] restored() {
            int all = held();
            int block = Math.min(all, Restoration.block(pipeline.itemSize()));
            return IntStream.of(block, all % block).filter(items -> items > 0).toArray();
        }

        /** What calls with batches of these sizes need, each size once. */
        private long plans(boolean withGradient, int... sizes) {
            return Arrays.stream(sizes)
                    .distinct()
                    .mapToLong(items -> memory(items, withGradient) - memory(0, withGradient))
                    .sum();
        }

        private long memory(int items, boolean withGradient) {
            return pipeline.drift()
                    .memory(pipeline.signature(), items, withGradient)
                    .orElseThrow();
        }

        private long itemBytes() {
            return (long) Float.BYTES * pipeline.itemSize();
        }

        private long conditioningBytes() {
            DriftSignature signature = pipeline.signature();
            long[] shape = signature.itemShape();
            long pixels = shape.length == 3 ? shape[1] * shape[2] : 0;
            return Float.BYTES * (signature.conditioningMaps() * pixels + signature.conditioningSize());
        }
    }
}
