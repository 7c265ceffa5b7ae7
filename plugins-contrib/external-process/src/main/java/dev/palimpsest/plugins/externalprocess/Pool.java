package dev.palimpsest.plugins.externalprocess;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** An external process that runs: there is one for all equal records, and when nobody has it any more its processes end. */
final class Pool implements ForwardModel {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final Map<ExternalProcess, WeakReference<Pool>> OPEN = new HashMap<>();

    private final ExternalProcess settings;
    private final Programs programs;

    private Pool(ExternalProcess settings, Programs programs) {
        this.settings = settings;
        this.programs = programs;
    }

    /** The pool that runs; a new one if there is none, or it has failed. */
    static synchronized Pool of(ExternalProcess settings) {
        OPEN.values().removeIf(each -> each.refersTo(null));
        Pool open = Optional.ofNullable(OPEN.get(settings)).map(Reference::get).orElse(null);
        if (open != null && open.programs.failure().isEmpty()) {
            return open;
        }
        Programs programs = new Programs(settings);
        Pool pool = new Pool(settings, programs);
        CLEANER.register(pool, () -> programs.end("nobody needs it any more"));
        OPEN.put(settings, new WeakReference<>(pool));
        return pool;
    }

    /** Throws IllegalArgumentException if there are no items, or a frame of them has more than 2 GiB. */
    @Override
    public Observations apply(INDArray x, RandomGenerator rng) {
        if (x.isEmpty() || x.rank() == 0) {
            throw new IllegalArgumentException(
                    "external-process needs one item or more, [n, ...], got the shape " + Arrays.toString(x.shape()));
        }
        try {
            float[] values = x.castTo(DataType.FLOAT).dup('c').data().asFloat();
            return observations(x.shape().clone(), programs.answers(frames(values, x.shape(), rng)));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** The cuts depend on the sizes alone, and the seeds are drawn in the order of the frames. */
    private List<Frame> frames(float[] values, long[] shape, RandomGenerator rng) {
        int items = (int) shape[0];
        int itemSize = values.length / items;
        List<Frame> frames = new ArrayList<>();
        for (int first = 0; first < items; first += settings.batch()) {
            int count = Math.min(settings.batch(), items - first);
            long[] frameShape = shape.clone();
            frameShape[0] = count;
            frames.add(new Frame(values, first * itemSize, count * itemSize, frameShape, rng.nextLong() >>> 1));
        }
        return frames;
    }

    private Observations observations(long[] shape, List<Answer> answers) {
        INDArray y = joined(answers.stream().map(Answer::y).toList()).reshape('c', shape);
        return answers.get(0)
                .conditioning()
                .map(first -> {
                    long[] all = first.shape().clone();
                    all[0] = shape[0];
                    List<float[]> parts = answers.stream()
                            .map(answer -> answer.conditioning().orElseThrow().values())
                            .toList();
                    return Observations.of(y, joined(parts).reshape('c', all));
                })
                .orElseGet(() -> Observations.of(y));
    }

    private static INDArray joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return Nd4j.createFromArray(all);
    }
}
