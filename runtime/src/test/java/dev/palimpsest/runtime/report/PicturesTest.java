package dev.palimpsest.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PicturesTest {
    private static final int PAPER = 0xfffbfaf7;
    private static final int CLEAN = 0x2f7d5b;

    private static PicturedItems heldOut(
            INDArray y, INDArray restored, INDArray recorrupted, Optional<INDArray> clean) {
        return new PicturedItems(y, restored, Optional.empty(), recorrupted, clean, Optional.empty());
    }

    private static PicturedItems same(INDArray items) {
        return heldOut(items, items, items, Optional.of(items));
    }

    private static BufferedImage only(List<Picture> pictures) {
        assertThat(pictures).hasSize(1);
        return pictures.get(0).image();
    }

    private static INDArray constant(double value, long... shape) {
        return Nd4j.zeros(shape).addi(value);
    }

    @Test
    void images_are_rows_of_tiles_in_the_order_clean_observed_restored_recorrupted() {
        INDArray y = constant(0, 3, 1, 32, 32);
        List<Picture> pictures = Pictures.of(heldOut(y, y.sub(.5), y.add(1), Optional.of(y.sub(1))), 2);
        assertThat(pictures.get(0).columns()).containsExactly("clean", "observed", "restored", "F(restored)", "error");
        BufferedImage image = only(pictures);
        assertThat(image.getWidth()).isEqualTo(5 * 66 + 2);
        assertThat(image.getHeight()).isEqualTo(2 * 66 + 2);
        // -1, 0, -.5 and 1 are 0, 127.5, 63.75 and 255
        int[] greys = {0xff000000, 0xff808080, 0xff404040, 0xffffffff};
        for (int column = 0; column < 4; column++) {
            for (int row = 0; row < 2; row++) {
                assertThat(image.getRGB(2 + 66 * column, 2 + 66 * row)).isEqualTo(greys[column]);
                assertThat(image.getRGB(65 + 66 * column, 65 + 66 * row)).isEqualTo(greys[column]);
            }
        }
        assertThat(image.getRGB(1, 10)).isZero();
        assertThat(image.getRGB(66, 10)).isZero();
        assertThat(image.getRGB(10, 67)).isZero();
    }

    @Test
    void the_posterior_mean_is_a_column_between_restored_and_recorrupted_where_it_is_known() {
        INDArray y = constant(0, 1, 1, 32, 32);
        PicturedItems items =
                new PicturedItems(y, y.sub(.5), Optional.of(y.sub(1)), y.add(1), Optional.empty(), Optional.empty());
        Picture picture = Pictures.of(items, 1).get(0);
        assertThat(picture.columns()).containsExactly("observed", "restored", "mean", "F(restored)");
        // -.5, -1 and 1 are 63.75, 0 and 255
        assertThat(picture.image().getRGB(2 + 66, 2)).isEqualTo(0xff404040);
        assertThat(picture.image().getRGB(2 + 2 * 66, 2)).isEqualTo(0xff000000);
        assertThat(picture.image().getRGB(2 + 3 * 66, 2)).isEqualTo(0xffffffff);
    }

    /** The mean over the channels of |restored - clean| is .3 and 0: the largest size is the round number above, .5, and .3 lies at .6 * 4 = 2.4 of the five colours. */
    @Test
    void errors_are_heat_from_black_to_a_round_number_above_the_largest_but_for_one_in_a_hundred() {
        INDArray clean = constant(0, 1, 3, 2, 2);
        INDArray restored = clean.dup();
        restored.putScalar(new long[] {0, 0, 0, 0}, -.6);
        restored.putScalar(new long[] {0, 2, 0, 0}, .3);
        Picture picture = Pictures.of(heldOut(clean, restored, clean, Optional.of(clean)), 1)
                .get(0);
        assertThat(picture.image().getRGB(2 + 4 * 66, 2)).isEqualTo(between(0xbc3754, 0xf98e09, .4));
        assertThat(picture.image().getRGB(2 + 4 * 66 + 40, 2)).isEqualTo(0xff000004);
        assertThat(picture.note()).contains("Error is |restored − clean|", "0 (black) to 0.5");
    }

    /** 32 images of 96 x 96 have as many pixels as 8 of 192 x 192: one sheet of 8 rows; of 1024 x 1024 there are 4, and never more than asked for. */
    @ParameterizedTest
    @CsvSource({"192, 32, 8", "1024, 32, 4", "1024, 1, 1"})
    void of_large_images_fewer_are_drawn(int side, int asked, int rows) {
        INDArray y = constant(0, 33, 1, side, side);
        BufferedImage image = only(Pictures.of(heldOut(y, y, y, Optional.empty()), asked));
        assertThat(image.getHeight()).isEqualTo(rows * (side + 2) + 2);
    }

    @Test
    void errors_beyond_the_range_of_images_are_as_large_as_can_be() {
        INDArray clean = constant(0, 1, 1, 4, 4);
        INDArray restored = constant(70, 1, 1, 4, 4);
        Picture picture = Pictures.of(heldOut(clean, restored, clean, Optional.of(clean)), 1)
                .get(0);
        assertThat(picture.note()).contains("0 (black) to 2 or more");
        assertThat(picture.image().getRGB(2 + 4 * 66, 2)).isEqualTo(0xfffcffa4);
    }

    private static int between(int one, int other, double share) {
        int colour = 0xff;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int from = one >> shift & 0xff;
            colour = colour << 8 | (int) Math.round(from + share * ((other >> shift & 0xff) - from));
        }
        return colour;
    }

    @Test
    void the_spread_of_several_restorations_is_a_column_where_they_were_drawn() {
        INDArray y = constant(0, 1, 1, 4, 4);
        PicturedItems items = new PicturedItems(y, y, Optional.empty(), y, Optional.empty(), Optional.of(y.add(.2)));
        Picture picture = Pictures.of(items, 1).get(0);
        assertThat(picture.columns()).containsExactly("observed", "restored", "F(restored)", "uncertainty");
        assertThat(picture.image().getRGB(2 + 3 * 66, 2)).isEqualTo(0xfffcffa4);
        assertThat(picture.note()).startsWith("Uncertainty the standard deviation over several restorations");
    }

    @Test
    void runs_of_the_same_items_share_pictures_and_others_have_their_own() {
        INDArray clean = constant(.5, 2, 1, 4, 4);
        INDArray y = constant(0, 2, 1, 4, 4);
        INDArray other = constant(-.5, 2, 1, 4, 4);
        SortedMap<Integer, PicturedItems> runs = new TreeMap<>();
        runs.put(1, heldOut(y, y, y, Optional.of(clean)));
        runs.put(2, heldOut(other, other, other, Optional.of(other)));
        runs.put(3, heldOut(y, other, y, Optional.of(clean)));
        runs.put(4, heldOut(other, clean, other, Optional.of(clean)));
        assertThat(Pictures.sideBySide(runs, 8))
                .extracting(Picture::columns)
                .containsExactly(
                        List.of(
                                "clean",
                                "observed 1",
                                "restored 1",
                                "observed 3",
                                "restored 3",
                                "observed 4",
                                "restored 4"),
                        List.of("clean", "observed", "restored 2"));
    }

    @Test
    void without_clean_images_there_are_three_columns() {
        INDArray y = constant(0, 1, 1, 32, 32);
        List<Picture> pictures = Pictures.of(heldOut(y, y, y, Optional.empty()), 8);
        assertThat(pictures.get(0).columns()).containsExactly("observed", "restored", "F(restored)");
        assertThat(only(pictures).getWidth()).isEqualTo(3 * 66 + 2);
    }

    @Test
    void each_pixel_becomes_a_square_of_its_own_colour() {
        INDArray y = constant(-1, 1, 1, 5, 7);
        y.putScalar(new long[] {0, 0, 4, 6}, 1);
        BufferedImage image = only(Pictures.of(same(y), 1));
        // 64 / 7 is about 9
        assertThat(image.getWidth()).isEqualTo(5 * (7 * 9 + 2) + 2);
        assertThat(image.getHeight()).isEqualTo(5 * 9 + 4);
        for (int i = 0; i < 45; i++) {
            for (int j = 0; j < 63; j++) {
                assertThat(image.getRGB(2 + j, 2 + i)).isEqualTo(i >= 36 && j >= 54 ? 0xffffffff : 0xff000000);
            }
        }
    }

    @Test
    void large_images_are_not_scaled_and_single_pixels_fill_a_tile() {
        assertThat(only(Pictures.of(same(constant(0, 1, 1, 100, 80)), 1)).getWidth())
                .isEqualTo(5 * 82 + 2);
        assertThat(only(Pictures.of(same(constant(0, 1, 1, 1, 1)), 1)).getWidth())
                .isEqualTo(5 * 66 + 2);
    }

    @Test
    void three_channels_are_red_green_and_blue_and_values_outside_are_clamped() {
        INDArray y = constant(0, 1, 3, 2, 2);
        y.putScalar(new long[] {0, 0, 0, 0}, 7);
        y.putScalar(new long[] {0, 1, 0, 0}, -7);
        y.putScalar(new long[] {0, 2, 0, 0}, -.2);
        BufferedImage image = only(Pictures.of(same(y), 1));
        assertThat(image.getRGB(2, 2)).isEqualTo(0xffff0066); // .8 * 127.5 = 102
    }

    @Test
    void of_another_number_of_channels_the_first_is_shown() {
        INDArray y = constant(1, 1, 2, 4, 4);
        y.slice(0).slice(0).subi(2);
        assertThat(only(Pictures.of(same(y), 1)).getRGB(2, 2)).isEqualTo(0xff000000);
    }

    @Test
    void more_than_eight_images_go_on_in_further_pictures() {
        List<Picture> pictures = Pictures.of(same(constant(0, 11, 1, 32, 32)), 10);
        assertThat(pictures).extracting(Picture::name).containsExactly("items-1", "items-2");
        assertThat(pictures).extracting(picture -> picture.image().getHeight()).containsExactly(8 * 66 + 2, 2 * 66 + 2);
        assertThat(pictures.get(1).caption()).contains("9 to 10");
    }

    @Test
    void vectors_in_two_dimensions_are_scatter_plots_with_common_axes() {
        INDArray y = Nd4j.createFromArray(new float[][] {{0, 0}, {1, 1}});
        INDArray restored = Nd4j.createFromArray(new float[][] {{0, 1}, {1e6f, 0}});
        BufferedImage image = only(Pictures.of(heldOut(y, restored, y, Optional.of(y)), 1));
        assertThat(image.getWidth()).isEqualTo(4 * 202 + 2);
        assertThat(image.getHeight()).isEqualTo(204);
        // with a margin of 5 % on each side, 0 is at 1/22 of the 199 steps and 1 at 21/22
        int near = 9;
        int far = 189;
        int dot = mix(CLEAN);
        assertThat(image.getRGB(2 + near, 2 + far)).isEqualTo(dot);
        assertThat(image.getRGB(2 + far, 2 + near)).isEqualTo(dot);
        assertThat(image.getRGB(2 + near + 2, 2 + far)).isEqualTo(PAPER);
        assertThat(image.getRGB(2 + 2 * 202 + near, 2 + near)).isNotEqualTo(PAPER);
        long drawn = 0;
        for (int i = 0; i < 200; i++) {
            for (int j = 0; j < 200; j++) {
                drawn += image.getRGB(2 + 2 * 202 + j, 2 + i) == PAPER ? 0 : 1;
            }
        }
        assertThat(drawn).as("pixels of the one point that is not far outside").isEqualTo(4);
    }

    /** One point leaves 55 % of the paper to be seen. */
    private static int mix(int ink) {
        int colour = 0xff;
        for (int shift = 16; shift >= 0; shift -= 8) {
            colour = colour << 8 | (int) Math.round(.55 * (PAPER >> shift & 0xff) + .45 * (ink >> shift & 0xff));
        }
        return colour;
    }

    @Test
    void numbers_are_histograms() {
        INDArray y = Nd4j.createFromArray(new float[][] {{0}, {0}, {0}, {1}});
        BufferedImage image = only(Pictures.of(same(y), 1));
        // 0 is in bin 2 of 50 (1/22 of the range), four pixels wide, and 1 in bin 47; the highest bar takes 95 % of the
        // height
        assertThat(bar(image, 8)).isEqualTo(190);
        assertThat(bar(image, 11)).isEqualTo(190);
        assertThat(bar(image, 12)).isZero();
        assertThat(bar(image, 188)).isEqualTo(63);
    }

    private static long bar(BufferedImage image, int column) {
        long height = 0;
        for (int i = 0; i < 200; i++) {
            height += image.getRGB(2 + column, 2 + i) == (0xff000000 | CLEAN) ? 1 : 0;
        }
        return height;
    }

    @Test
    void equal_vectors_and_long_ones_are_drawn_and_no_items_are_no_picture() {
        assertThat(Pictures.of(same(constant(3, 5, 1)), 1)).hasSize(1);
        assertThat(Pictures.of(same(constant(3, 5, 2)), 1)).hasSize(1);
        assertThat(Pictures.of(same(constant(3, 5, 40)), 1).get(0).caption()).contains("the first two of 40");
        assertThat(Pictures.of(same(Nd4j.create(0, 2)), 1)).isEmpty();
    }

    @Test
    void a_picture_is_written_as_a_whole_png_file(@TempDir Path folder) throws IOException {
        Picture picture = Pictures.of(same(constant(.5, 1, 3, 8, 8)), 1).get(0);
        Path file = picture.write(folder.resolve("samples"));
        assertThat(file).isEqualTo(folder.resolve("samples").resolve("items-1.png"));
        assertThat(file.getParent().toFile().list()).containsExactly("items-1.png");
        BufferedImage read = ImageIO.read(file.toFile());
        assertThat(read.getWidth()).isEqualTo(picture.image().getWidth());
        assertThat(read.getRGB(5, 5)).isEqualTo(picture.image().getRGB(5, 5));
        assertThat(picture.write(folder.resolve("samples"))).hasBinaryContent(picture.png());
    }
}
