package dev.palimpsest.runtime.simple;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.evaluate.Evaluation;
import dev.palimpsest.runtime.evaluate.EvaluationSettings;
import dev.palimpsest.runtime.evaluate.HeldOut;
import dev.palimpsest.runtime.evaluate.Pairwise;
import dev.palimpsest.runtime.evaluate.Score;
import dev.palimpsest.runtime.probe.Probe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Scores what needs no learning and what was learned, side by side on the same items. */
public final class SimpleScores {
    static final String OBSERVED = "observed";
    static final String RESTORED = "restored";
    static final String MEAN = "mean";

    /** As many numbers as 200 images of 64 x 64 have: the denoisers take some seconds for them. */
    private static final long VALUES = 200L * 64 * 64;

    private static final int MOST_ITEMS = 200;

    private SimpleScores() {}

    /**
     * Rows for y, the simple estimates, Phi(y) and the posterior means, by those of the metrics that compare each item with its clean one (psnr, pooled-psnr,
     * ssim). Of many held-out items the first are taken. None where no clean items are known, no such metric is asked for, or there is no simple estimate.
     */
    public static List<SimpleScore> of(
            EvaluationSettings settings, ForwardModel forward, Probe probe, HeldOut heldOut, RandomStreams streams) {
        EvaluationSettings pairwise = new EvaluationSettings(
                settings.metrics().stream().filter(Pairwise.class::isInstance).toList(), 0);
        if (pairwise.metrics().isEmpty()
                || heldOut.clean().isEmpty()
                || heldOut.y().isEmpty()) {
            return List.of();
        }
        long n = heldOut.y().size(0);
        int items = (int) Math.min(
                n, Math.max(1, Math.min(MOST_ITEMS, VALUES * n / heldOut.y().length())));
        List<Estimate> simple = new Estimates(forward, probe, streams).of(heldOut, items);
        if (simple.isEmpty()) {
            return List.of();
        }
        List<Estimate> all = new ArrayList<>();
        all.add(new Estimate(OBSERVED, Estimates.first(heldOut.y(), items), ""));
        all.addAll(simple);
        all.add(new Estimate(RESTORED, Estimates.first(heldOut.restored(), items), ""));
        heldOut.mean().ifPresent(mean -> all.add(new Estimate(MEAN, Estimates.first(mean, items), "")));
        INDArray clean = Estimates.first(heldOut.clean().orElseThrow(), items);
        return all.stream()
                .map(estimate -> new SimpleScore(
                        estimate.name(), items, scores(pairwise, estimate.x(), clean, streams), estimate.about()))
                .toList();
    }

    /** These metrics look at what is restored and at clean items alone. */
    private static Map<String, Double> scores(
            EvaluationSettings pairwise, INDArray x, INDArray clean, RandomStreams streams) {
        HeldOut restored = new HeldOut(x, Optional.empty(), x, x, x, Optional.of(clean));
        Map<String, Double> scores = new LinkedHashMap<>();
        for (Score score : Evaluation.scores(pairwise, restored, streams)) {
            scores.put(score.name(), score.value());
        }
        return scores;
    }
}
