package dev.palimpsest.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {
    private static final RandomStreams STREAMS = new RandomStreams(3);

    @Test
    void every_item_is_trained_on_or_held_out_exactly_once() {
        Split split = Split.of(100, 0, 30, STREAMS);
        assertThat(split.training()).hasSize(70);
        assertThat(split.heldOut()).hasSize(30);
        assertThat(IntStream.concat(IntStream.of(split.training()), IntStream.of(split.heldOut())))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void a_limit_takes_items_from_everywhere_and_holds_out_some_of_them() {
        Split split = Split.of(1000, 100, 10, STREAMS);
        assertThat(split.training()).hasSize(90);
        assertThat(split.heldOut()).hasSize(10);
        // That all of 100 items out of 1000 come from the first half has a chance below 2^-100.
        assertThat(IntStream.of(split.training()).max().orElseThrow()).isGreaterThan(500);
    }

    @Test
    void a_limit_beyond_the_items_takes_all() {
        assertThat(Split.of(10, 20, 1, STREAMS).training()).hasSize(9);
    }

    @Test
    void nothing_held_out_is_an_error_before_anything_is_trained() {
        assertThatThrownBy(() -> Split.of(10, 0, 0, STREAMS))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("holdOut must be at least 1, got 0");
    }

    @Test
    void the_same_seed_splits_alike_and_another_seed_otherwise() {
        assertThat(Split.of(100, 0, 10, STREAMS).heldOut())
                .isEqualTo(Split.of(100, 0, 10, STREAMS).heldOut());
        assertThat(Split.of(100, 0, 10, new RandomStreams(4)).heldOut())
                .isNotEqualTo(Split.of(100, 0, 10, STREAMS).heldOut());
    }

    @Test
    void holding_out_everything_is_an_error() {
        assertThatThrownBy(() -> Split.of(1000, 100, 100, STREAMS))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("got 100 of 100 (limit; there are 1000)");
        assertThatThrownBy(() -> Split.of(5, 0, 6, STREAMS)).hasMessageContaining("got 6 of 5,");
    }
}
