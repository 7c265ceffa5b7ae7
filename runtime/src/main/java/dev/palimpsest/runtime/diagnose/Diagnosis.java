package dev.palimpsest.runtime.diagnose;

import dev.palimpsest.runtime.diagnose.Finding.Verdict;
import dev.palimpsest.runtime.plugin.Extensions;
import dev.palimpsest.runtime.probe.Band;
import dev.palimpsest.runtime.probe.Probe;
import dev.palimpsest.runtime.probe.Spectrum;
import dev.palimpsest.runtime.recipe.Recipe;
import dev.palimpsest.runtime.recipe.RecipeReader;
import dev.palimpsest.runtime.report.ReportContent.Fact;
import dev.palimpsest.runtime.run.SolverTable;
import dev.palimpsest.runtime.run.Trial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * What is known of a recipe's forward model by calling it, before anything is trained.
 *
 * @param name of the recipe
 * @param forward the forward model, as its record writes itself
 * @param probe of single coordinates
 * @param spectrum of frequencies and directions
 * @param bias for each band, where the recipe's solvers end by their error alone, in units of the true standard deviation
 * @param findings the worst first
 * @param advice which solver, steps and schedule
 */
public record Diagnosis(
        String name,
        String forward,
        Probe probe,
        Spectrum spectrum,
        List<OptionalDouble> bias,
        List<Finding> findings,
        List<String> advice) {
    /** The part of its initial error to which a band has to come. */
    public static final double PART = 0.1;

    /** Less signal than this part of the noise: what deconvolution can recover grows with the logarithm of the number of observations. */
    private static final double DROWNED = 1;

    /** A mode whose mean answer is much smaller than its answer is not kept in its place. */
    private static final double MISPLACED = 0.25;

    /** So much signal to noise that the flow to the other sign is steeper than a few steps resolve. */
    private static final double CLEAR = 1000;

    /**
     * Probes a recipe's forward model.
     *
     * @param file of the recipe
     * @param overrides such as {@code forward.sigma=2}
     * @param directions whether each single direction is tried, which takes a call for each number of an item
     */
    public static Diagnosis of(
            Path file, List<String> overrides, Extensions extensions, Path home, boolean directions) {
        RecipeReader reader = new RecipeReader(extensions);
        Recipe recipe = reader.read(file, overrides).recipe();
        Trial.Probed probed = Trial.probed(recipe, extensions, home, directions);
        Advice advice = new Advice(extensions, probed, new SolverTable(extensions, home), recipe);
        return new Diagnosis(
                recipe.name(),
                recipe.forward().toString(),
                probed.probe(),
                probed.spectrum(),
                probed.spectrum().bands().stream().map(advice::deviation).toList(),
                findings(probed, recipe.train().rounds(recipe.train().steps())),
                advice.sentences(reader, file, overrides));
    }

    /** The verdicts of all findings, the worst first. */
    public String verdict() {
        return findings.stream()
                .map(finding -> finding.verdict().words())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static List<Finding> findings(Trial.Probed probed, double rounds) {
        Spectrum spectrum = probed.spectrum();
        List<Finding> findings = new ArrayList<>();
        if (!spectrum.affine()) {
            return List.of(
                    new Finding(
                            Verdict.CANNOT_BE_TOLD,
                            "F is not affine: it clips, rounds or counts, and the theory of what converges holds for affine ones. The table has its average answer to steps of a quarter of a standard deviation; train, and believe the residual and the alarms"));
        }
        destroyed(probed, findings);
        signs(spectrum, findings);
        slow(spectrum, rounds, findings);
        if (findings.isEmpty()) {
            Band last = slowest(spectrum.bands());
            findings.add(new Finding(
                    Verdict.RECOVERABLE,
                    String.format(
                            Locale.ROOT,
                            "every band reaches y with a positive gain; the slowest, %s, needs %s to bring its error down to a tenth%s",
                            last.name(),
                            inRounds(last.rounds(PART)),
                            last.snr() < DROWNED
                                    ? ". Its noise is stronger than its signal: what can be known of such a band grows only with the logarithm of the number of observations"
                                    : "")));
        }
        findings.sort(Comparator.comparing(Finding::verdict));
        return List.copyOf(findings);
    }

    private static void destroyed(Trial.Probed probed, List<Finding> findings) {
        Probe probe = probed.probe();
        Spectrum spectrum = probed.spectrum();
        int directions = spectrum.destroyed().orElse(probe.destroyed());
        if (directions == 0) {
            return;
        }
        List<String> where = hidden(spectrum.bands());
        findings.add(
                new Finding(
                        Verdict.NOT_RECOVERABLE,
                        String.format(
                                        Locale.ROOT,
                                        "%d of %d directions do not reach y, to the precision of float32",
                                        directions,
                                        spectrum.dimensions())
                                + (where.isEmpty() ? "" : " (" + Words.list(where) + ")")
                                + (probe.fixedInCalls()
                                        ? ", and the conditioning is the same at every call: a forward model that draws a fresh one (another mask, another angle) for each item would see them"
                                        : "")
                                + "; whatever the residual says, they keep the law that they have at the start: add observations of another kind, or some clean items"));
    }

    /** Where they are: bands, or directions across the channels as a whole. */
    private static List<String> hidden(List<Band> bands) {
        Map<String, List<Band>> sets = bands.stream()
                .collect(Collectors.groupingBy(
                        band -> band.direction().isEmpty() ? band.name() : band.direction(),
                        LinkedHashMap::new,
                        Collectors.toList()));
        return sets.entrySet().stream()
                .map(set -> Map.entry(
                        set.getKey(),
                        set.getValue().stream()
                                        .mapToDouble(band -> band.hidden() * band.modes())
                                        .sum()
                                / set.getValue().stream().mapToInt(Band::modes).sum()))
                .filter(set -> set.getValue() > 0.005)
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .map(set -> String.format(Locale.ROOT, "%s: %.0f %%", set.getKey(), 100 * set.getValue()))
                .toList();
    }

    private static void signs(Spectrum spectrum, List<Finding> findings) {
        List<Band> growing =
                spectrum.bands().stream().filter(band -> band.growth() > 1).toList();
        List<Band> diverging =
                growing.stream().filter(band -> band.divergence() > 1).toList();
        if (!diverging.isEmpty()) {
            Band worst = diverging.stream()
                    .max(Comparator.comparingDouble(Band::divergence))
                    .orElseThrow();
            findings.add(new Finding(
                    Verdict.DIVERGES,
                    String.format(
                            Locale.ROOT,
                            "F answers with the opposite sign where the mean is not 0 (%s): each round multiplies the mean's error by up to %.3f, while the variance converges; let the forward model turn the sign of y there, or subtract the mean of the data and train briefly%s",
                            names(diverging),
                            worst.divergence(),
                            worst.snr() > CLEAR
                                    ? ". With as little noise as here a solver with few steps can jump over the place where the sign turns, and the mean then holds: watch for the alarm that it drifts"
                                    : "")));
        } else if (!growing.isEmpty()) {
            findings.add(
                    new Finding(
                            Verdict.UNSTABLE,
                            "F answers with the opposite sign (" + names(growing)
                                    + "); the mean there is 0, but any error in it grows from round to round: let the forward model turn the sign of y there"));
        }
    }

    private static void slow(Spectrum spectrum, double rounds, List<Finding> findings) {
        List<Band> slow = spectrum.bands().stream()
                .filter(band -> band.hidden() < PART && band.signal() > 0)
                .filter(band -> band.rounds(PART) > Math.max(1, rounds))
                .toList();
        if (slow.isEmpty()) {
            return;
        }
        Band last = slowest(slow);
        findings.add(new Finding(
                Verdict.SLOW,
                String.format(
                        Locale.ROOT,
                        "%s: the signal-to-noise ratio falls to %s, so that the error needs %s to come down to a tenth, and this training has about %.0f; until then they keep much of what they have at the start%s",
                        names(slow),
                        Words.number(last.snr()),
                        inRounds(last.rounds(PART)),
                        rounds,
                        last.snr() < DROWNED
                                ? ". Where noise is stronger than the signal, what can be known grows only with the logarithm of the number of observations"
                                : "")));
    }

    private static Band slowest(List<Band> bands) {
        return bands.stream()
                .filter(band -> band.signal() > 0)
                .max(Comparator.comparingDouble(Band::rate))
                .orElse(bands.get(0));
    }

    private static String names(List<Band> bands) {
        return Words.list(bands.stream().map(Band::name).toList());
    }

    private static String inRounds(double rounds) {
        return Double.isInfinite(rounds)
                ? "infinitely many rounds"
                : rounds <= 1 ? "one round" : Words.count(rounds) + " rounds";
    }

    /** What F is, in words. */
    public List<Fact> facts() {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("forward model", forward));
        facts.add(new Fact("items", spectrum.dimensions() + " numbers each"));
        facts.add(new Fact(
                "stochastic",
                spectrum.stochastic()
                        ? "yes: two calls with different randomness differ"
                        : "no: two draws give the same y"));
        facts.add(new Fact(
                "reproducible",
                spectrum.reproducible()
                        ? "yes: the same randomness gives the same y"
                        : "no: it has randomness of its own, so that no run can be repeated"));
        facts.add(new Fact("changes its input", "no (checked at every call)"));
        facts.add(new Fact(
                "conditioning",
                !spectrum.told()
                        ? "none: what differs between draws counts as noise"
                        : probe.fixedInCalls()
                                ? "the same at every call"
                                : probe.fixedInData()
                                        ? "the same in all observations, but not in the calls of F: the drift learns what it is never asked"
                                        : "differs from item to item"));
        facts.add(new Fact(
                "affine",
                spectrum.affine()
                        ? "yes"
                        : String.format(
                                Locale.ROOT,
                                "no (%.2g of its answer bends): gains are averages over the items",
                                spectrum.bend())));
        if (spectrum.lost() > 0) {
            facts.add(new Fact(
                    "lost",
                    String.format(
                            Locale.ROOT,
                            "%.1f %% of the values of y answer to nothing, and the drift is told so",
                            100 * spectrum.lost())));
        }
        facts.add(new Fact(
                "signal",
                spectrum.clean()
                        ? "the spectrum of the clean items"
                        : "what the spectrum of the observations leaves, less the noise"));
        return facts;
    }

    /** What calls alone cannot tell. */
    public List<String> unknowns() {
        List<String> unknowns = new ArrayList<>();
        unknowns.add(
                "Whether the forward model is the corruption that made the observations: with another one the loop converges to another law.");
        unknowns.add(
                "What F does far from the items that it was called at, and to changes much smaller or larger than a quarter of their standard deviation.");
        if (spectrum.told()) {
            unknowns.add(
                    "Whether the conditioning tells all that F drew: how strongly F answers counts as told here, and whatever differs between two draws at 0 as noise, be it an offset that the conditioning tells.");
        }
        if (spectrum.destroyed().isEmpty() && spectrum.affine()) {
            unknowns.add(
                    "Whether single directions inside a band are destroyed: they were not tried one by one, or too many values are lost at a time to tell chance from loss.");
        }
        if (!spectrum.affine()) {
            unknowns.add(
                    "What rounding, clipping or counting takes away for good, and whether anything is not recoverable: F is not affine, and the rates hold for affine ones.");
        }
        if (spectrum.bands().stream().anyMatch(band -> Double.isNaN(band.signal()))) {
            unknowns.add(
                    "The signal, and with it the rates: some values of the observations are fillers, and the conditioning is no mask that says which.");
        }
        if (spectrum.bands().stream().anyMatch(this::misplaced)) {
            unknowns.add(
                    "How fast the bands converge whose modes come back in others (a shift, a turn, aliasing, a mask), and whether their mean does: the rates hold where each answers for itself.");
        }
        unknowns.add(
                "The rates are those of a Gaussian prior whose bands are independent; another prior shares the fixed point, and its own structure may be faster or slower.");
        return unknowns;
    }

    private boolean misplaced(Band band) {
        return band.transmission() > 0 && (band.inPlace() < MISPLACED || !band.symmetric());
    }
}
