package dev.palimpsest.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Images of any size on disk, and windows of them. */
class WholeImagesTest {
    private static final RandomStreams STREAMS = new RandomStreams(2);

    @TempDir
    Path folder;

    /** Where every value tells its place: channel 10000 + row 100 + column. */
    private static INDArray numbered(int channels, int height, int width) {
        float[] values = new float[channels * height * width];
        for (int i = 0; i < values.length; i++) {
            int pixel = i % (height * width);
            values[i] = i / (height * width) * 10000 + pixel / width * 100 + pixel % width;
        }
        return Nd4j.createFromArray(values).reshape('c', 1, channels, height, width);
    }

    private WholeImages kept(int heldOut, Patch patch, List<INDArray> images) {
        return kept(heldOut, patch, 0, 1, images);
    }

    private WholeImages kept(int heldOut, Patch patch, int margin, int grid, List<INDArray> images) {
        try (WholeImages.Writer writer = new WholeImages.Writer(folder)) {
            for (int i = 0; i < images.size(); i++) {
                INDArray y = images.get(i);
                writer.add("image-" + i, new Observations(y, Optional.of(y.mul(2))), Optional.of(y.mul(3)));
            }
            return writer.finish(heldOut, patch, margin, grid);
        }
    }

    private static Patch patch(int size, boolean augment) {
        return new Patch(size, size, Optional.empty(), augment);
    }

    @Test
    void a_window_is_a_part_of_an_image_with_the_same_part_of_its_maps() {
        Patch patch = patch(5, false);
        try (WholeImages images = kept(1, patch, List.of(numbered(2, 9, 7), numbered(2, 6, 20), numbered(2, 10, 10)));
                ObservationSet windows =
                        images.training(patch, STREAMS.stream("w", 0)).observations()) {
            Set<String> corners = new HashSet<>();
            for (int i = 0; i < 2000; i++) {
                Observations one = windows.rows(new int[] {i});
                double corner = one.y().getDouble(0, 0, 0, 0);
                corners.add(corner + "");
                assertThat(one.y().getDouble(0, 1, 4, 3)).isEqualTo(10000 + corner + 403);
                assertThat(one.conditioning().orElseThrow()).isEqualTo(one.y().mul(2));
            }
            // 5 x 3 places in the first image and 2 x 16 in the second, of which 2 x 3 have the same numbers
            assertThat(corners).hasSize(15 + 32 - 6);
        }
    }

    @Test
    void the_inner_part_of_a_window_is_the_window_without_its_margin() {
        Patch patch = patch(4, false);
        try (WholeImages images = kept(1, patch, 3, 1, List.of(numbered(1, 30, 30), numbered(1, 30, 30)))) {
            WholeImages.Windows outer = images.training(patch, STREAMS.stream("w", 0));
            int[] some = {0, 17, 99};
            INDArray large = outer.observations().rows(some).y();
            assertThat(outer.inner().observations().rows(some).y())
                    .isEqualTo(large.get(
                            NDArrayIndex.all(),
                            NDArrayIndex.all(),
                            NDArrayIndex.interval(3, 7),
                            NDArrayIndex.interval(3, 7)));
        }
    }

    @Test
    void windows_begin_at_multiples_of_the_grid_as_does_what_is_held_out() {
        Patch patch = patch(8, false);
        try (WholeImages images = kept(0, patch, 4, 4, List.of(numbered(1, 90, 27)))) {
            INDArray corners = images.training(patch, STREAMS.stream("w", 0))
                    .observations()
                    .rows(0, 2000)
                    .y()
                    .get(NDArrayIndex.all(), NDArrayIndex.point(0), NDArrayIndex.point(0), NDArrayIndex.point(0));
            Set<Integer> rows = new HashSet<>();
            Set<Integer> columns = new HashSet<>();
            for (float corner : corners.dup().data().asFloat()) {
                rows.add((int) corner / 100);
                columns.add((int) corner % 100);
            }
            // of 90 rows the last 22 are held out, and begin at a multiple of 4; windows of 16 begin at most at 52 and
            // 11
            assertThat(images.whole(0).y().getDouble(0, 0, 0, 0)).isEqualTo(6800);
            assertThat(rows).containsExactlyInAnyOrder(0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52);
            assertThat(columns).containsExactlyInAnyOrder(0, 4, 8);
        }
    }

    @Test
    void augmented_windows_come_in_all_eight_positions_with_their_maps() {
        Patch patch = patch(4, true);
        try (WholeImages images = kept(1, patch, List.of(numbered(1, 4, 4), numbered(1, 4, 4)));
                ObservationSet windows =
                        images.training(patch, STREAMS.stream("w", 0)).observations()) {
            Set<List<Float>> seen = new HashSet<>();
            for (int i = 0; i < 500; i++) {
                Observations one = windows.rows(new int[] {i});
                assertThat(one.conditioning().orElseThrow()).isEqualTo(one.y().mul(2));
                float[] values = one.y().ravel().toFloatVector();
                seen.add(List.of(values[0], values[3], values[12], values[15]));
            }
            assertThat(seen)
                    .containsExactlyInAnyOrder(
                            List.of(0f, 3f, 300f, 303f),
                            List.of(3f, 0f, 303f, 300f),
                            List.of(300f, 303f, 0f, 3f),
                            List.of(303f, 300f, 3f, 0f),
                            List.of(0f, 300f, 3f, 303f),
                            List.of(300f, 0f, 303f, 3f),
                            List.of(3f, 303f, 0f, 300f),
                            List.of(303f, 3f, 300f, 0f));
        }
    }

    @Test
    void of_a_single_image_the_last_quarter_is_held_out_and_no_window_to_train_on_touches_it() {
        Patch patch = patch(8, false);
        try (WholeImages images = kept(0, patch, List.of(numbered(1, 80, 24)))) {
            assertThat(images.heldOut()).isEqualTo(1);
            assertThat(images.whole(0).y().shape()).containsExactly(1, 1, 20, 24);
            assertThat(images.whole(0).y().getDouble(0, 0, 0, 0)).isEqualTo(6000);
            assertThat(images.clean(0).orElseThrow())
                    .isEqualTo(images.whole(0).y().mul(3));
            INDArray windows = images.training(patch, STREAMS.stream("w", 0))
                    .observations()
                    .rows(0, 1000)
                    .y();
            assertThat(windows.maxNumber().doubleValue()).isLessThan(6000);
            assertThat(images.heldOut(patch).count()).isEqualTo(2 * 3);
        }
    }

    @Test
    void what_was_kept_is_opened_again_with_the_same_windows() {
        Patch patch = patch(5, false);
        INDArray first;
        try (WholeImages images = kept(1, patch, List.of(numbered(1, 9, 7), numbered(1, 6, 20)))) {
            first = images.training(patch, STREAMS.stream("w", 0))
                    .observations()
                    .rows(0, 50)
                    .y();
        }
        assertThat(WholeImages.areIn(folder)).isTrue();
        try (WholeImages images = WholeImages.open(folder, patch)) {
            assertThat(images.training(patch, STREAMS.stream("w", 0))
                            .observations()
                            .rows(0, 50)
                            .y())
                    .isEqualTo(first);
            assertThat(images.name(0)).isEqualTo("image-1");
        }
    }

    @Test
    void images_that_were_not_all_kept_are_not_taken_for_whole() {
        try (WholeImages.Writer writer = new WholeImages.Writer(folder)) {
            writer.add("one", Observations.of(numbered(1, 9, 9)), Optional.empty());
        }
        assertThat(WholeImages.areIn(folder)).isFalse();
    }

    @Test
    void an_image_of_other_channels_and_one_that_is_not_finite_are_named() {
        try (WholeImages.Writer writer = new WholeImages.Writer(folder)) {
            writer.add("one", Observations.of(numbered(1, 9, 9)), Optional.empty());
            assertThatThrownBy(() -> writer.add("two", Observations.of(numbered(3, 9, 9)), Optional.empty()))
                    .isInstanceOf(DataException.class)
                    .hasMessage("two: expected an image of 1 channels, as the others have, got 3; say data.channels=1"
                            + " or data.channels=3");
            INDArray bad = Samples.gaussian(STREAMS.stream("bad", 0), 1, 1, 9, 9);
            bad.putScalar(5, Float.NaN);
            assertThatThrownBy(() -> writer.add("three", Observations.of(bad), Optional.empty()))
                    .hasMessage("three: expected finite values, but value 5 of item 0 is NaN");
        }
    }

    @Test
    void a_patch_that_is_larger_than_every_image_with_its_margin_is_refused() {
        Patch patch = patch(6, false);
        List<INDArray> small = List.of(numbered(1, 9, 9), numbered(1, 9, 9));
        try (WholeImages images = kept(1, patch, 1, 1, small)) {
            assertThat(images.training(patch, STREAMS.stream("w", 0)).count()).isPositive();
        }
        try (WholeImages images = kept(1, patch, 2, 1, small)) {
            assertThatThrownBy(() -> images.training(patch, STREAMS.stream("w", 0)))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(
                            "no image to train on has room for a patch of 6 x 6 with a margin of 2 pixels");
        }
    }

    @Test
    void an_index_that_is_damaged_is_named() throws IOException {
        Patch patch = patch(4, false);
        kept(1, patch, List.of(numbered(1, 9, 9), numbered(1, 9, 9))).close();
        Path index = folder.resolve("images.properties");
        Files.writeString(index, Files.readString(index).replace("images=2", "images=3"));
        assertThatThrownBy(() -> WholeImages.open(folder, patch))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("images.properties: expected where the images lie");
    }
}
