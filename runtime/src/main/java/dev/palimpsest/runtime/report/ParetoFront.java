package dev.palimpsest.runtime.report;

import dev.palimpsest.runtime.evaluate.Score.Better;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The points to which no other is preferable: none costs no more, scores no worse, and is strictly better in one of the two. */
public final class ParetoFront {
    /** What something costs, and how it scores. */
    public record Point(double cost, double score) {}

    private ParetoFront() {}

    /** The numbers of the points on the front, from 0, in order of their costs; none if the score has no direction. */
    public static List<Integer> of(List<Point> points, Better better) {
        return better == Better.EQUAL
                ? List.of()
                : IntStream.range(0, points.size())
                        .filter(i -> points.stream().noneMatch(other -> dominates(other, points.get(i), better)))
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> points.get(i).cost()))
                        .toList();
    }

    private static boolean dominates(Point one, Point other, Better better) {
        double gain = better == Better.LOWER ? other.score() - one.score() : one.score() - other.score();
        return one.cost() <= other.cost() && gain >= 0 && (one.cost() < other.cost() || gain > 0);
    }
}
