package dev.palimpsest.runtime.compare;

import dev.palimpsest.runtime.evaluate.Score;
import dev.palimpsest.runtime.recipe.Grid;
import dev.palimpsest.runtime.run.Measured;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A cell of the grid and what became of it.
 *
 * @param number from 1
 * @param seeds the outcome of each seed, in order
 */
record Row(int number, Grid.Cell cell, List<Outcome> seeds) {
    /** How far a cell is. */
    enum Status {
        /** Some of its runs have not ended, and none has failed. */
        PENDING,
        DONE,
        /** Some seeds failed; what is told is of the others. */
        PARTLY,
        FAILED;

        String inWords() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A score over the seeds: means, and the standard error of its value.
     *
     * @param ofMeans the score of the posterior means
     */
    record Scored(
            Estimate value,
            OptionalDouble ofMeans,
            OptionalDouble identity,
            OptionalDouble floor,
            OptionalDouble pValue) {}

    Row {
        seeds = List.copyOf(seeds);
    }

    Status status() {
        long failed = seeds.stream().filter(Outcome.Failed.class::isInstance).count();
        if (done().size() == seeds.size()) {
            return Status.DONE;
        }
        if (failed > 0) {
            return failed == seeds.size() ? Status.FAILED : Status.PARTLY;
        }
        return Status.PENDING;
    }

    /** Whether none of its runs is to come. */
    boolean ended() {
        return seeds.stream().noneMatch(Outcome.Pending.class::isInstance);
    }

    List<Outcome.Done> done() {
        return seeds.stream()
                .filter(Outcome.Done.class::isInstance)
                .map(Outcome.Done.class::cast)
                .toList();
    }

    /** Why runs failed: each reason once, with the seeds that it does not share with all others. */
    String reason() {
        Map<String, List<Long>> seedsOfReason = new LinkedHashMap<>();
        for (int k = 0; k < seeds.size(); k++) {
            if (seeds.get(k) instanceof Outcome.Failed failed) {
                seedsOfReason
                        .computeIfAbsent(failed.reason(), reason -> new ArrayList<>())
                        .add(cell.recipe().recipe().seed() + k);
            }
        }
        return seedsOfReason.entrySet().stream()
                .map(failed -> failed.getValue().size() == seeds.size()
                        ? failed.getKey()
                        : failed.getValue().stream()
                                .map(seed -> "seed " + seed)
                                .collect(Collectors.joining(", ", "", ": " + failed.getKey())))
                .collect(Collectors.joining("; "));
    }

    /** What there is to say of a cell that is not done; else nothing. */
    String remark() {
        return switch (status()) {
            case DONE -> "";
            case PENDING -> "not run yet";
            case PARTLY, FAILED -> status().inWords() + ": " + reason();
        };
    }

    List<String> warnings() {
        return done().stream()
                .flatMap(done -> done.measured().warnings().stream())
                .distinct()
                .toList();
    }

    /** The mean of a figure over the seeds that are done. */
    OptionalDouble mean(ToDoubleFunction<Measured> figure) {
        return Estimate.of(done().stream().map(Outcome.Done::measured).mapToDouble(figure)).stream()
                .mapToDouble(Estimate::mean)
                .findFirst();
    }

    /** Network calls of the whole training. */
    OptionalDouble trainingCalls() {
        return mean(measured -> measured.evaluationsPerItem() * measured.itemsSeen());
    }

    Optional<Scored> score(String name) {
        List<Score> scores = done().stream()
                .flatMap(done -> done.measured().scores().stream())
                .filter(score -> score.name().equals(name))
                .toList();
        return Estimate.of(scores.stream().mapToDouble(Score::value))
                .map(value -> new Scored(
                        value,
                        mean(scores, Score::mean),
                        mean(scores, Score::identity),
                        mean(scores, Score::floor),
                        mean(scores, Score::pValue)));
    }

    private static OptionalDouble mean(List<Score> scores, Function<Score, OptionalDouble> figure) {
        return Estimate.of(scores.stream().map(figure).flatMapToDouble(OptionalDouble::stream)).stream()
                .mapToDouble(Estimate::mean)
                .findFirst();
    }

    /** Their scores, without repetition. */
    Stream<Score> scores() {
        return done().stream().flatMap(done -> done.measured().scores().stream());
    }
}
