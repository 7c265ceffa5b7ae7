package dev.palimpsest.runtime.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Images that are estimated tile by tile. */
class TilingTest {
    private static final Tiling TILES = new Tiling(8, 12, 1);

    private static INDArray noise(long... shape) {
        return Samples.gaussian(new RandomStreams(1).stream("images", 0), shape);
    }

    /** Weights of one pixel add up to 1 but for float32's rounding of four products. */
    @ParameterizedTest
    @CsvSource({"8, 12", "9, 12", "8, 13", "17, 40", "64, 64", "101, 12"})
    void an_image_whose_tiles_are_left_as_they_are_is_the_image(int height, int width) {
        INDArray y = noise(2, 3, height, width);
        INDArray x = TILES.apply(Observations.of(y), 5, tiles -> tiles.y().dup());
        assertThat(x.sub(y).amaxNumber().doubleValue()).isLessThan(1e-6 * 5);
    }

    /** An image whose values are the number of their column: each tile's first is where it begins. */
    @Test
    void tiles_begin_at_multiples_of_the_grid_but_for_the_last_where_the_image_is_none() {
        float[] columns = new float[8 * 101];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = i % 101;
        }
        List<Float> starts = new ArrayList<>();
        INDArray y = Nd4j.createFromArray(columns).reshape('c', 1, 1, 8, 101);
        new Tiling(8, 16, 4).apply(Observations.of(y), 1, tile -> {
            starts.add(tile.y().getFloat(0));
            return tile.y().dup();
        });
        assertThat(starts.get(starts.size() - 1)).isEqualTo(85);
        assertThat(starts.subList(0, starts.size() - 1))
                .hasSizeGreaterThan(4)
                .allSatisfy(start -> assertThat(start % 4).isZero());
        for (int i = 1; i < starts.size(); i++) {
            assertThat(starts.get(i) - starts.get(i - 1)).isBetween(1f, 12f);
        }
    }

    @Test
    void a_tile_sees_its_own_part_of_the_maps_and_its_images_vector() {
        INDArray y = noise(2, 1, 20, 30);
        INDArray maps = y.mul(3);
        TILES.apply(new Observations(y, Optional.of(maps)), 4, tiles -> {
            assertThat(tiles.conditioning().orElseThrow()).isEqualTo(tiles.y().mul(3));
            return tiles.y().dup();
        });
        INDArray vectors = Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}});
        List<Float> seen = new ArrayList<>();
        TILES.apply(new Observations(y, Optional.of(vectors)), 4, tiles -> {
            for (float value : tiles.conditioning().orElseThrow().getColumn(0).toFloatVector()) {
                seen.add(value);
            }
            return tiles.y().dup();
        });
        int each = (int) TILES.count(20, 30);
        assertThat(seen).hasSize(2 * each);
        assertThat(seen.subList(0, each)).containsOnly(1f);
        assertThat(seen.subList(each, 2 * each)).containsOnly(3f);
    }

    @Test
    void how_many_tiles_are_estimated_at_once_changes_no_bit() {
        INDArray y = noise(1, 2, 33, 31);
        INDArray one = TILES.apply(Observations.of(y), 1, tiles -> tiles.y().mul(2));
        INDArray many = TILES.apply(Observations.of(y), 100, tiles -> tiles.y().mul(2));
        assertThat(many.toString(100000, false, 9)).isEqualTo(one.toString(100000, false, 9));
    }

    /** An estimate that is wrong by 1 at the tiles' own borders, and right elsewhere: sin^2(pi/8) of it is left where two meet at their borders, as .5 of 4 pixels. */
    @Test
    void the_border_of_a_tile_hardly_weighs_but_at_the_border_of_the_image() {
        INDArray y = Nd4j.zeros(1, 1, 8, 40);
        INDArray x = TILES.apply(Observations.of(y), 10, tiles -> {
            INDArray wrong = tiles.y().dup();
            wrong.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(0))
                    .assign(1);
            return wrong;
        });
        INDArray row = x.get(NDArrayIndex.point(0), NDArrayIndex.point(0), NDArrayIndex.point(4), NDArrayIndex.all());
        assertThat(row.getDouble(0)).isEqualTo(1);
        double least = Math.pow(Math.sin(Math.PI / 2 * .5 / 3), 2);
        assertThat(row.get(NDArrayIndex.interval(1, 40)).amaxNumber().doubleValue())
                .isLessThanOrEqualTo(least + 1e-6);
    }

    @Test
    void an_image_that_is_smaller_than_a_tile_is_refused() {
        assertThatThrownBy(() -> TILES.apply(Observations.of(noise(1, 1, 7, 12)), 1, Observations::y))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 8");
    }
}
