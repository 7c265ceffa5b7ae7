package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.evaluate.HeldOut;
import dev.palimpsest.runtime.evaluate.Residual;
import dev.palimpsest.runtime.evaluate.Spread;
import dev.palimpsest.runtime.probe.BandPowers;
import dev.palimpsest.runtime.probe.Probe;
import dev.palimpsest.runtime.simple.SimpleScore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Sentences on what a result must not be believed for, and what to do about it: what can be said before training, and what its result shows. */
final class Alarms {
    /** A solver that loses more than this share of the standard deviation is warned of. */
    private static final double SOLVER_LOSS = 0.02;

    /** A standard deviation of what is restored that is off by more than this share is warned of. */
    private static final double SPREAD = 0.1;

    /** The same for F(Phi(y)) beside y, in which the noise of F hides most of what is lost. */
    private static final double OBSERVED_SPREAD = 0.03;

    /** A shift of the mean by more than this part of the standard deviation is warned of. */
    private static final double SHIFT = 0.1;

    /** A gain nearer to 0 has no sign worth a word. */
    private static final double SMALLEST_GAIN = 0.01;

    /** How many standard errors must lie between a value and its limit. */
    private static final double ERRORS = 4;

    /** More of F's noise than this share, left in what is restored, is warned of. */
    private static final double LEFT = 0.1;

    /** A simple estimate that is better by more decibels is warned of. */
    private static final double DECIBELS = 0.1;

    private static final double REJECTED = 0.05;

    /** Of fewer items no spread is worth a word. */
    static final int FEWEST_ITEMS = 4;

    private Alarms() {}

    /**
     * What is known before training.
     *
     * @param solver the standard deviation that the recipe's solvers end at, in units of the true one
     * @param better names a setting that would not lose it
     */
    static List<String> before(Probe probe, OptionalDouble solver, Supplier<Optional<String>> better) {
        List<String> alarms = new ArrayList<>();
        if (probe.destroyed() > 0) {
            alarms.add(
                    destroyed(probe)
                            + (probe.fixedInData() && probe.fixedInCalls()
                                    ? " and the conditioning is the same in all observations: each observation, and each call of the forward model, needs a fresh one (another mask, another angle)"
                                    : "")
                            + "; what is restored there keeps the law that it had at the start, whatever the residual says. It is not recoverable without other observations or some clean items");
        }
        if (probe.fixedInData() && !probe.fixedInCalls()) {
            alarms.add(
                    "the observations all have the same conditioning, but the forward model draws others: the law of the observations is not that of F(x), so that the drift learns what it is never asked; give each observation the conditioning that it was made with");
        }
        if (probe.channel().gain() < -SMALLEST_GAIN) {
            alarms.add(String.format(
                    Locale.ROOT,
                    "the forward model's gain is negative (%.3f)%s. Let the forward model return -y%s",
                    probe.channel().gain(),
                    probe.offset().orElse(0) > SHIFT
                            ? " and the mean is not 0: the mean diverges, while the variance converges"
                            : ": a mean of 0 is unstable, as any error in it grows from round to round",
                    probe.offset().orElse(0) > SHIFT ? ", or subtract the mean and train briefly" : ""));
        }
        if (solver.isEmpty() && probe.deviation().isPresent()) {
            alarms.add(
                    "the solver gives up on a Gaussian with this noise and this schedule; take more steps, or larger tolerances, or a solver with fixed steps");
        }
        if (solver.isPresent() && !(Math.abs(solver.getAsDouble() - 1) <= SOLVER_LOSS)) {
            alarms.add(String.format(
                            Locale.ROOT,
                            "%s: for a Gaussian with this noise (sigma/s = %.2f) and this schedule, the loop ends at %.3f of the true standard deviation by the solver's error alone",
                            solver.getAsDouble() < 1 ? "the solver deletes detail" : "the solver leaves noise",
                            probe.channel().noise() / probe.deviation().orElseThrow(),
                            solver.getAsDouble())
                    + better.get()
                            .map(setting -> "; " + setting)
                            .orElse("; none of the loaded solvers would do better, take more steps")
                    + "; \"palimpsest bias\" shows all");
        }
        return alarms;
    }

    /**
     * What the result shows.
     *
     * @param residual asked for only where directions are destroyed
     */
    static List<String> after(Probe probe, HeldOut heldOut, Supplier<Optional<Residual>> residual) {
        if (heldOut.y().size(0) < FEWEST_ITEMS) {
            return List.of();
        }
        List<String> alarms = new ArrayList<>();
        Spread restored = Spread.of(heldOut.restored());
        Spread observed = Spread.of(heldOut.y());
        Spread again = Spread.of(heldOut.recorrupted());
        if (!Double.isFinite(restored.deviation()) || !Double.isFinite(again.deviation())) {
            return List.of(
                    "what is restored is not finite; use a smaller train.learningRate, or more steps of the solver");
        }
        if (probe.deviation().isPresent()) {
            spread(
                            "what is restored",
                            restored.deviation() / probe.deviation().getAsDouble(),
                            SPREAD + ERRORS * (restored.error() + probe.error()),
                            "the clean items must have, by the observations")
                    .ifPresent(alarms::add);
        } else if (observed.deviation() > 0) {
            spread(
                            "what is restored and corrupted again",
                            again.deviation() / observed.deviation(),
                            OBSERVED_SPREAD + ERRORS * (again.error() + observed.error()),
                            "the observations have")
                    .ifPresent(alarms::add);
        }
        double shift = again.distance(observed);
        double errorOfMeans = Math.sqrt(2.0 / heldOut.y().size(0));
        if (shift > (SHIFT + 2 * errorOfMeans) * observed.deviation()) {
            alarms.add(String.format(
                    Locale.ROOT,
                    "the mean drifts: that of F(Phi(y)) is %.3g away from that of the observations, whose standard deviation is %.3g%s",
                    shift,
                    observed.deviation(),
                    probe.channel().gain() < 0
                            ? "; with a negative gain it diverges: let the forward model return -y"
                            : "; train longer, or with a smaller train.learningRate"));
        }
        if (probe.destroyed() > 0) {
            residual.get()
                    .filter(small -> small.pValue() >= REJECTED)
                    .ifPresent(small -> alarms.add(String.format(
                            Locale.ROOT,
                            "the residual is small (p = %.2f), yet %s: a small residual does not say that the prior is recovered; add observations of another kind, or some clean items",
                            small.pValue(),
                            destroyed(probe))));
        }
        return alarms;
    }

    /**
     * What is left of the distribution that training began with.
     *
     * @param rounds that the training had, at most
     */
    static Optional<String> initial(BandPowers bands, OptionalDouble rounds) {
        return bands.left().stream()
                .filter(left -> left > LEFT)
                .mapToObj(left -> String.format(
                        Locale.ROOT,
                        "noise of the observations is left in what is restored: training begins with them, and its rounds, %.0f at most, cannot have removed %.0f %% of the noise, where y shows little of the clean items (report.html shows each band); begin from the posterior mean (train.meanRounds), or use the mean (restore --estimate mean)",
                        rounds.orElseThrow(),
                        100 * left))
                .findFirst();
    }

    /**
     * A simple estimate that is better than what was learned, in psnr, or where that is not asked for in pooled-psnr.
     *
     * @param simple the rows of simple estimates, and of what was learned
     */
    static Optional<String> unpaid(List<SimpleScore> simple) {
        return Stream.of("psnr", "pooled-psnr")
                .filter(metric ->
                        simple.stream().anyMatch(row -> row.score(metric).isPresent()))
                .findFirst()
                .flatMap(metric -> unpaid(simple, metric));
    }

    private static Optional<String> unpaid(List<SimpleScore> simple, String metric) {
        Comparator<SimpleScore> better =
                Comparator.comparingDouble(row -> row.score(metric).orElseThrow());
        List<SimpleScore> scored =
                simple.stream().filter(row -> row.score(metric).isPresent()).toList();
        Optional<SimpleScore> learned =
                scored.stream().filter(SimpleScore::learned).max(better);
        return scored.stream()
                .filter(SimpleScore::simple)
                .max(better)
                .flatMap(best -> learned.flatMap(other -> unpaid(best, other, metric)));
    }

    private static Optional<String> unpaid(SimpleScore best, SimpleScore learned, String metric) {
        double value = best.score(metric).orElseThrow();
        double reached = learned.score(metric).orElseThrow();
        if (value <= reached + DECIBELS) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "learning has not paid: %s, which needs none, has a %s of %.2f dB on %d held-out items, and what was learned %.2f (%s); train longer, take a larger network, or use the simple estimate",
                best.name(),
                metric,
                value,
                best.items(),
                reached,
                learned.name()));
    }

    /** @param identity the residual of F(y), on the observations that judge checkpoints */
    static Optional<String> checkpoints(Residual identity) {
        return Optional.of(identity)
                .filter(same -> same.pValue() > REJECTED)
                .map(same -> String.format(
                        Locale.ROOT,
                        "checkpoints cannot be judged: the observation energy cannot tell even the observations from observations that are corrupted once more (p = %.2f), so that train.select and train.stopAfter go by chance; leave them out, or hold out more observations (data.holdOut)",
                        same.pValue()));
    }

    private static String destroyed(Probe probe) {
        return String.format(
                Locale.ROOT,
                "the forward model destroys %d of %d %s",
                probe.destroyed(),
                probe.dimensions(),
                probe.dimensions() > Probe.MOST_DIRECTIONS ? "coordinates" : "directions");
    }

    private static Optional<String> spread(String what, double ratio, double limit, String of) {
        if (Math.abs(ratio - 1) <= limit) {
            return Optional.empty();
        }
        return Optional.of(
                String.format(
                                Locale.ROOT,
                                "%s: %s has %.2f of the standard deviation that %s",
                                ratio < 1 ? "the variance collapses" : "noise is left in",
                                what,
                                ratio,
                                of)
                        + (ratio < 1
                                ? "; use a solver that loses less (\"palimpsest bias\" compares them), and never choose a checkpoint by its loss"
                                : "; train longer (directions with little signal converge slowly), or use a more precise solver"));
    }
}
