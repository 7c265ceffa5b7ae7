package dev.palimpsest.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.runtime.evaluate.Score.Better;
import dev.palimpsest.runtime.report.ParetoFront.Point;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParetoFrontTest {
    private static final List<Point> POINTS =
            List.of(new Point(8, 3), new Point(4, 5), new Point(16, 3), new Point(8, 4), new Point(32, 1));

    @Test
    void no_point_of_the_front_costs_more_and_scores_worse_than_another() {
        assertThat(ParetoFront.of(POINTS, Better.LOWER)).containsExactly(1, 0, 4);
    }

    @Test
    void where_higher_is_better_the_front_is_that_of_the_negated_scores() {
        assertThat(ParetoFront.of(POINTS, Better.HIGHER)).containsExactly(1);
        assertThat(ParetoFront.of(
                        POINTS.stream()
                                .map(point -> new Point(point.cost(), -point.score()))
                                .toList(),
                        Better.HIGHER))
                .isEqualTo(ParetoFront.of(POINTS, Better.LOWER));
    }

    @Test
    void equal_points_are_both_on_the_front() {
        assertThat(ParetoFront.of(List.of(new Point(4, 1), new Point(4, 1)), Better.LOWER))
                .containsExactly(0, 1);
    }

    @Test
    void at_one_cost_only_the_best_is_on_the_front() {
        assertThat(ParetoFront.of(List.of(new Point(4, 2), new Point(4, 1)), Better.LOWER))
                .containsExactly(1);
    }

    @Test
    void a_score_without_a_direction_has_no_front() {
        assertThat(ParetoFront.of(POINTS, Better.EQUAL)).isEmpty();
    }
}
