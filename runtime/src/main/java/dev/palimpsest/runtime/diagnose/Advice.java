package dev.palimpsest.runtime.diagnose;

import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.runtime.plugin.Checked;
import dev.palimpsest.runtime.plugin.Extension;
import dev.palimpsest.runtime.plugin.Extensions;
import dev.palimpsest.runtime.plugin.PluginException;
import dev.palimpsest.runtime.probe.Band;
import dev.palimpsest.runtime.probe.Probe;
import dev.palimpsest.runtime.probe.ScalarChannel;
import dev.palimpsest.runtime.recipe.Recipe;
import dev.palimpsest.runtime.recipe.RecipeException;
import dev.palimpsest.runtime.recipe.RecipeReader;
import dev.palimpsest.runtime.run.SolverTable;
import dev.palimpsest.runtime.run.Trial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Which solver, how many steps and which schedule, by the bias that each leaves in each band. */
final class Advice {
    /** The worst band may end at so much more or less than the true standard deviation. */
    private static final double GOOD = 0.02;

    /** Bands with less signal than this part of the noise are lost whatever the solver does. */
    private static final double SMALLEST_SNR = 0.04;

    /** So many bands, those with the least signal, are tried with every solver, as they are mostly the hardest; all of them only with what holds there. */
    private static final int HARDEST = 3;

    private final Extensions extensions;
    private final SolverTable table;
    private final Recipe recipe;
    private final List<Part> parts;

    /** For each part, where the recipe's own solvers end. */
    private final List<OptionalDouble> own;

    Advice(Extensions extensions, Trial.Probed probed, SolverTable table, Recipe recipe) {
        this.extensions = extensions;
        this.table = table;
        this.recipe = recipe;
        parts = parts(probed);
        OdeSolver inTheLoop = recipe.train().solver().orElse(recipe.solver());
        InterpolantSchedule schedule = schedule(recipe.schedule());
        own = parts.stream()
                .map(part -> deviation(schedule, inTheLoop, recipe.solver(), part))
                .toList();
    }

    /**
     * A scalar channel that a solver must get right.
     *
     * @param s the clean standard deviation
     */
    private record Part(String name, ScalarChannel channel, double s, double snr) {
        static Optional<Part> of(Band band) {
            return band.signal() > 0 && band.gain() > 0 && band.snr() >= SMALLEST_SNR && Double.isFinite(band.snr())
                    ? Optional.of(new Part(band.name(), band.channel(), Math.sqrt(band.signal()), band.snr()))
                    : Optional.empty();
        }
    }

    /** The bands, the hardest first; but what is lost pixel by pixel acts on pixels, not on frequencies. */
    private static List<Part> parts(Trial.Probed probed) {
        Probe probe = probed.probe();
        if (probe.deviation().isPresent() && probed.spectrum().lost() > 0) {
            double s = probe.deviation().getAsDouble();
            double a = probe.channel().gain();
            double noise = probe.channel().noise();
            return List.of(new Part("a pixel", probe.channel(), s, a * a * s * s / noise / noise));
        }
        return probed.spectrum().bands().stream()
                .map(Part::of)
                .flatMap(Optional::stream)
                .sorted(Comparator.comparingDouble(Part::snr))
                .toList();
    }

    /** A solver's choice with where its worst band ends. */
    private record Candidate(String schedule, String solver, int calls, double worst) {
        double error() {
            return Math.abs(worst - 1);
        }
    }

    /** The standard deviation at which the recipe's own solvers end in a band, in units of the true one; empty where that says nothing. */
    OptionalDouble deviation(Band band) {
        return IntStream.range(0, parts.size())
                .filter(i -> parts.get(i).name().equals(band.name()))
                .mapToObj(own::get)
                .findFirst()
                .orElse(OptionalDouble.empty());
    }

    /** What to take, and why. */
    List<String> sentences(RecipeReader reader, Path file, List<String> overrides) {
        if (parts.isEmpty()) {
            return List.of("No solver can be preferred: no band has a signal, noise and a positive gain.");
        }
        int worst = IntStream.range(0, parts.size())
                .boxed()
                .max(Comparator.comparingDouble(i -> error(own.get(i))))
                .orElseThrow();
        OptionalDouble ends = own.get(worst);
        List<String> sentences = new ArrayList<>();
        String where = String.format(
                Locale.ROOT,
                "it is hardest for %s, with a signal-to-noise ratio of %s",
                parts.get(worst).name(),
                Words.number(parts.get(worst).snr()));
        if (error(ends) <= GOOD) {
            sentences.add(String.format(
                    Locale.ROOT,
                    "Keep the recipe's solvers and schedule: by their error alone the loop ends at %.3f of the true standard deviation or better; %s.",
                    ends.getAsDouble(),
                    where));
        } else {
            sentences.add(String.format(
                    Locale.ROOT,
                    "The recipe's solvers (%s) by their error alone: %s.",
                    ends.isPresent()
                            ? String.format(
                                    Locale.ROOT, "end at %.3f of the true standard deviation", ends.getAsDouble())
                            : "give up",
                    where));
            sentences.add(best(reader, file, overrides)
                    .map(choice -> String.format(
                            Locale.ROOT,
                            "Use solver=\"%s\" (%d network calls), also as train.solver%s: the loop then ends at %.3f of the true standard deviation.",
                            choice.solver,
                            choice.calls,
                            choice.schedule.isEmpty() ? "" : ", and schedule=" + choice.schedule,
                            choice.worst))
                    .orElse("None of the loaded solvers with up to 64 steps is better; take more steps."));
        }
        return sentences;
    }

    /** The cheapest that is good, with the recipe's own schedule if that is possible; else the best. */
    private Optional<Candidate> best(RecipeReader reader, Path file, List<String> overrides) {
        Map<String, OdeSolver> solvers = table.choices(reader, file, overrides);
        List<Candidate> all = new ArrayList<>();
        for (Map.Entry<String, InterpolantSchedule> schedule :
                schedules(reader, file, overrides).entrySet()) {
            List<Candidate> candidates = solvers.entrySet().stream()
                    .map(solver -> tried(
                            schedule.getKey(),
                            schedule.getValue(),
                            solver.getKey(),
                            solver.getValue(),
                            parts.subList(0, Math.min(HARDEST, parts.size()))))
                    .flatMap(Optional::stream)
                    .toList();
            Optional<Candidate> good = candidates.stream()
                    .filter(candidate -> candidate.error() <= GOOD)
                    .sorted(Comparator.comparingInt(Candidate::calls))
                    .map(candidate -> tried(
                            schedule.getKey(),
                            schedule.getValue(),
                            candidate.solver(),
                            solvers.get(candidate.solver()),
                            parts))
                    .flatMap(Optional::stream)
                    .filter(candidate -> candidate.error() <= GOOD)
                    .findFirst();
            if (good.isPresent()) {
                return good;
            }
            all.addAll(candidates);
        }
        return all.stream().min(Comparator.comparingDouble(Candidate::error));
    }

    /** The recipe's own, whose name is empty, and then the others with their defaults. */
    private Map<String, InterpolantSchedule> schedules(RecipeReader reader, Path file, List<String> overrides) {
        Map<String, InterpolantSchedule> schedules = new LinkedHashMap<>();
        schedules.put("", schedule(recipe.schedule()));
        for (Extension<InterpolantSchedule> extension : extensions.of(InterpolantSchedule.class)) {
            List<String> more = new ArrayList<>(overrides);
            more.add("schedule=" + extension.name());
            try {
                schedules.put(
                        extension.name(),
                        schedule(reader.read(file, more).recipe().schedule()));
            } catch (RecipeException hasKeysWithoutDefaults) {
                continue;
            }
        }
        return schedules;
    }

    private InterpolantSchedule schedule(InterpolantSchedule schedule) {
        return Checked.schedule(
                schedule, extensions.whose(InterpolantSchedule.class, schedule).orElseThrow());
    }

    /** Empty if the solver fails or gives up: it is then no choice. */
    private Optional<Candidate> tried(
            String schedule, InterpolantSchedule with, String name, OdeSolver solver, List<Part> in) {
        try {
            OptionalDouble worst = OptionalDouble.of(1);
            for (Part part : in) {
                OptionalDouble ends = deviation(with, solver, solver, part);
                if (ends.isEmpty()) {
                    return Optional.empty();
                }
                worst = error(ends) >= error(worst) ? ends : worst;
            }
            return Optional.of(new Candidate(schedule, name, table.calls(with, solver), worst.getAsDouble()));
        } catch (PluginException failed) {
            return Optional.empty();
        }
    }

    private OptionalDouble deviation(InterpolantSchedule schedule, OdeSolver training, OdeSolver restoring, Part part) {
        return table.deviation(schedule, training, restoring, part.channel(), part.s());
    }

    private static double error(OptionalDouble deviation) {
        return deviation.isPresent() ? Math.abs(deviation.getAsDouble() - 1) : Double.POSITIVE_INFINITY;
    }
}
