package dev.palimpsest.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RangesTest {
    private record Example(
            @Range(above = 0, max = 1) double share,
            @Range(min = 1) List<Integer> sizes,
            @Range(below = 2.5) Optional<Double> limit,
            double free,
            String text) {
        Example {
            Ranges.check(Example.class, share, sizes, limit, free, text);
        }
    }

    private static Example example(double share, List<Integer> sizes, double limit, double free) {
        return new Example(share, sizes, Optional.of(limit), free, "any");
    }

    @Test
    void values_inside_their_ranges_pass() {
        assertThatCode(() -> example(1, List.of(1, 2), 2.4, -1e300)).doesNotThrowAnyException();
        assertThatCode(() -> new Example(1e-9, List.of(), Optional.empty(), 0, ""))
                .doesNotThrowAnyException();
    }

    @Test
    void a_value_outside_is_an_error_with_the_component_the_range_and_the_value() {
        assertThatThrownBy(() -> example(0, List.of(1), 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("share must be above 0 and at most 1, got 0.0");
        assertThatThrownBy(() -> example(1.5, List.of(1), 1, 0))
                .hasMessage("share must be above 0 and at most 1, got 1.5");
        assertThatThrownBy(() -> example(1, List.of(1), 2.5, 0)).hasMessage("limit must be below 2.5, got 2.5");
    }

    @Test
    void every_element_of_a_list_is_checked() {
        assertThatThrownBy(() -> example(1, List.of(4, 0, 2), 1, 0)).hasMessage("sizes must be at least 1, got 0");
    }

    @Test
    void what_is_not_finite_is_refused_with_and_without_a_range() {
        assertThatThrownBy(() -> example(Double.NaN, List.of(1), 1, 0))
                .hasMessage("share must be above 0 and at most 1, got NaN");
        assertThatThrownBy(() -> example(1, List.of(1), 1, Double.POSITIVE_INFINITY))
                .hasMessage("free must be finite, got Infinity");
        assertThatThrownBy(() -> example(1, List.of(1), Double.NEGATIVE_INFINITY, 0))
                .hasMessage("limit must be below 2.5, got -Infinity");
    }

    @Test
    void a_check_of_too_few_values_is_a_mistake_of_the_author_and_says_so() {
        assertThatThrownBy(() -> Ranges.check(Example.class, 1.0))
                .hasMessage("Example has 5 components, 1 were given to check");
    }

    @Test
    void ranges_are_described_in_words_and_without_exponents() {
        record Small(@Range(min = 1e-9, max = 1e7) double value) {}
        assertThat(Ranges.describe(Small.class.getRecordComponents()[0].getAnnotation(Range.class)))
                .isEqualTo("at least 0.000000001 and at most 10000000");
    }
}
