package dev.palimpsest.runtime.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.Fitting;
import dev.palimpsest.runtime.data.ImageFile;
import dev.palimpsest.runtime.data.ImageFormat;
import dev.palimpsest.runtime.data.Planes;
import dev.palimpsest.runtime.run.Sizes;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageSourceTest {
    private static final Sizes SIZES = new Sizes(new long[] {1, 1, 2}, false);
    private static final Fitting HALVED = new Fitting(Optional.of(List.of(1, 2)), Optional.empty(), Optional.of(1));

    @TempDir
    Path folder;

    /** Red, green and blue alike are grey of that value. Halved, a pixel is the mean of its two columns with the weight 3/4 and of the next with 1/4. */
    @Test
    void images_are_fitted_as_the_runs_observations_were_and_the_results_have_that_shape() {
        float[] plane = {-1, -1, 1, 1, -1, -1, 1, 1};
        Path file = coloured(plane);
        ImageSource source = new ImageSource(folder, List.of(file), SIZES, HALVED, Optional.empty());
        assertThat(source.read(new int[] {0})).containsExactly(-5f / 7, 5f / 7);

        Path out = folder.resolve("out");
        Layout layout = Layout.of(out, Estimate.SAMPLE, 1);
        Manifest manifest = Manifest.open(out, new TreeMap<>(), false);
        try (Sink sink = source.sink(layout, manifest, Known.NOTHING)) {
            sink.put(0, new int[] {0}, new float[] {1, -1});
        }
        ImageFile result = ImageFile.read(out.resolve("a.png"));
        assertThat(result.format()).isEqualTo(new ImageFormat(ImageFormat.Kind.PNG, 8, 1));
        assertThat(result.planes().values()).containsExactly(1, -1);
    }

    @Test
    void a_pixel_of_which_any_part_is_lost_is_lost() {
        Path file = coloured(new float[] {-1, 1, 1, 1, 1, 1, 1, 1});
        ImageSource source = new ImageSource(folder, List.of(file), SIZES, HALVED, Optional.of(LostMark.of("0")));
        assertThat(source.read(new int[] {0})).containsExactly(Float.NaN, 1);
    }

    @Test
    void without_fitting_an_image_of_another_shape_is_refused() {
        Path file = coloured(new float[8]);
        ImageSource source = new ImageSource(folder, List.of(file), SIZES, Fitting.NONE, Optional.empty());
        assertThatThrownBy(() -> source.read(new int[] {0}))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("got 3 channels, 4 wide and 2 high; nothing is resized");
    }

    private Path coloured(float[] plane) {
        float[] values = new float[24];
        for (int c = 0; c < 3; c++) {
            System.arraycopy(plane, 0, values, 8 * c, 8);
        }
        Path file = folder.resolve("a.png");
        ImageFile.write(file, new ImageFormat(ImageFormat.Kind.PNG, 8, 3), new Planes(3, 2, 4, values));
        return file;
    }
}
