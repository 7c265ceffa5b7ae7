package dev.palimpsest.runtime.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.Samples;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TwinsTest {
    private static final RandomStreams STREAMS = new RandomStreams(1);

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 13, 64, 1001})
    void every_item_is_in_one_half_and_their_numbers_differ_by_the_odd_one(int n) {
        int[][] halves = Twins.of(Samples.gaussian(STREAMS.stream("x", n), n, 3));
        assertThat(halves[0]).hasSize(n / 2);
        assertThat(IntStream.concat(Arrays.stream(halves[0]), Arrays.stream(halves[1]))
                        .sorted())
                .containsExactlyElementsOf(IntStream.range(0, n).boxed().toList());
    }

    @Test
    void on_a_line_neighbours_are_parted_and_the_earlier_row_comes_first() {
        INDArray line = Nd4j.createFromArray(new float[][] {{5}, {1}, {8}, {2}, {4}, {9}});
        int[][] halves = Twins.of(line);
        assertThat(halves[0]).containsExactly(0, 1, 2); // of 5 and 4, 1 and 2, 8 and 9
        assertThat(halves[1]).containsExactly(3, 4, 5);
    }

    @Test
    void two_peaks_are_in_both_halves_alike() {
        INDArray items = Samples.gaussian(STREAMS.stream("peaks", 0), 2000, 2).mul(.1);
        items.getColumn(0)
                .addi(Samples.bernoulli(STREAMS.stream("which", 0), .5, 2000).mul(10));
        int[][] halves = Twins.of(items);
        long inFirst =
                Arrays.stream(halves[0]).filter(i -> items.getDouble(i, 0) > 5).count();
        long inSecond =
                Arrays.stream(halves[1]).filter(i -> items.getDouble(i, 0) > 5).count();
        assertThat((double) inFirst).isEqualTo(inSecond, within(2.0));
    }
}
