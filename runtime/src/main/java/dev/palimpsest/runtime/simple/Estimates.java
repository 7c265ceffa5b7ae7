package dev.palimpsest.runtime.simple;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.evaluate.HeldOut;
import dev.palimpsest.runtime.probe.Probe;
import dev.palimpsest.runtime.probe.Wiener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The simple estimates that a forward model allows: its own guess; of images that lose nothing, a Wiener filter and two denoisers. */
final class Estimates {
    /** A forward model that loses a smaller share of the values loses none. */
    private static final double FEWEST_LOST = .01;

    private static final int IMAGE_RANK = 4;
    private static final int TUNED_ON = 32;

    /** Strengths in units of the noise's standard deviation. */
    private static final double[] WEIGHTS = {.25, .35, .5, .7, 1, 1.4, 2};

    private static final double[] DIFFERENCES = {.4, .6, .8, 1.1, 1.6};

    private final ForwardModel forward;
    private final Probe probe;
    private final RandomStreams streams;

    Estimates(ForwardModel forward, Probe probe, RandomStreams streams) {
        this.forward = forward;
        this.probe = probe;
        this.streams = streams;
    }

    /**
     * The estimates of the first held-out items, so many of them; the powers of y are those of all.
     *
     * @param heldOut with clean items
     */
    List<Estimate> of(HeldOut heldOut, int items) {
        INDArray y = first(heldOut.y(), items);
        INDArray clean = first(heldOut.clean().orElseThrow(), items);
        List<Estimate> estimates = new ArrayList<>();
        forward.guess(y, heldOut.conditioning().map(known -> first(known, items)))
                .ifPresent(guess -> estimates.add(new Estimate("guess", guess, "the forward model's own")));
        if (y.rank() != IMAGE_RANK || probe.channel().lost() > FEWEST_LOST) {
            return estimates;
        }
        Wiener.of(forward, heldOut.y(), streams)
                .ifPresent(filter -> estimates.add(new Estimate(
                        "wiener", filter.estimate(y), "by the powers of y and calls of F, with no clean items")));
        double sigma = probe.channel().noise();
        if (sigma > 0) {
            estimates.add(tuned("total-variation", "weight", y, clean, WEIGHTS, TotalVariation::new));
            estimates.add(tuned("non-local-means", "h", y, clean, DIFFERENCES, h -> new NonLocalMeans(h, sigma)));
        }
        return estimates;
    }

    private Estimate tuned(
            String name,
            String strength,
            INDArray y,
            INDArray clean,
            double[] strengths,
            DoubleFunction<Denoiser> denoiser) {
        int items = (int) Math.min(y.size(0), TUNED_ON);
        double sigma = probe.channel().noise();
        Tuned tuned = Tuned.on(
                first(y, items),
                first(clean, items),
                Arrays.stream(strengths).map(each -> each * sigma).toArray(),
                denoiser);
        return new Estimate(
                name,
                tuned.denoised(y),
                String.format(
                        Locale.ROOT, "%s %.3g, chosen on the clean items of %d", strength, tuned.strength(), items));
    }

    static INDArray first(INDArray items, int count) {
        return items.get(NDArrayIndex.interval(0, count));
    }
}
