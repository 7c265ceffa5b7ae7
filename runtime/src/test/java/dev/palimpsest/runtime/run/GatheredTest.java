package dev.palimpsest.runtime.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.DataSource;
import dev.palimpsest.runtime.data.IdxItems;
import dev.palimpsest.runtime.data.ImageFile;
import dev.palimpsest.runtime.data.ImageFormat;
import dev.palimpsest.runtime.data.Npy;
import dev.palimpsest.runtime.data.ObservedItems;
import dev.palimpsest.runtime.data.Planes;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.data.Refill;
import dev.palimpsest.runtime.data.Split;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class GatheredTest {
    private static final RandomStreams STREAMS = new RandomStreams(3);
    private static final ForwardModel NOISY = (x, rng) -> Observations.of(x.add(Samples.gaussian(rng, x.shape())));
    private static final Progress SILENT = new Progress() {};
    private static final int BLOCK = 256;

    @TempDir
    Path data;

    @TempDir
    Path folder;

    @Test
    void observation_i_is_that_of_the_ith_item_of_the_split_with_its_blocks_stream() throws IOException {
        IdxItems source = idx(600, 500, 50);
        Split split = Split.of(600, 500, 50, STREAMS);
        try (Gathered gathered = gathered(source)) {
            assertThat(gathered.observations().size()).isEqualTo(500);
            assertThat(gathered.split().training()).hasSize(450).startsWith(0).endsWith(449);
            assertThat(gathered.split().heldOut()).hasSize(50).startsWith(450).endsWith(499);
            for (int k = 0; k < 2; k++) {
                int rows = Math.min(BLOCK, 500 - k * BLOCK);
                INDArray x = Nd4j.zeros(rows, 1, 1, 2);
                for (int i = 0; i < rows; i++) {
                    int at = k * BLOCK + i;
                    int item = at < 450 ? split.training()[at] : split.heldOut()[at - 450];
                    x.putScalar(new long[] {i, 0, 0, 0}, scaled(item / 256));
                    x.putScalar(new long[] {i, 0, 0, 1}, scaled(item % 256));
                }
                INDArray y = NOISY.apply(x, STREAMS.stream("observe", k)).y();
                assertThat(gathered.observations()
                                .rows(k * BLOCK, k * BLOCK + rows)
                                .y())
                        .isEqualTo(y);
            }
            INDArray clean = gathered.clean().orElseThrow();
            assertThat(clean.shape()).containsExactly(50, 1, 1, 2);
            assertThat(clean.getFloat(0, 0, 0, 1)).isEqualTo(scaled(split.heldOut()[0] % 256));
        }
    }

    @Test
    void what_was_gathered_is_found_again_without_the_data() throws IOException {
        IdxItems source = idx(300, 0, 20);
        INDArray y;
        INDArray clean;
        try (Gathered first = gathered(source)) {
            y = first.observations().rows(first.split().heldOut()).y();
            clean = first.clean().orElseThrow();
        }
        Files.delete(source.path());
        try (Gathered again = gathered(source)) {
            assertThat(again.split().training()).hasSize(280);
            assertThat(again.observations().rows(again.split().heldOut()).y()).isEqualTo(y);
            assertThat(again.clean().orElseThrow()).isEqualTo(clean);
        }
    }

    @Test
    void observations_in_place_keep_their_split_when_they_are_found_again() {
        Npy.write(data.resolve("y.npy"), Nd4j.arange(40).reshape(40, 1));
        ObservedItems source = new ObservedItems(data, 30, 10);
        Split split = Split.of(40, 30, 10, STREAMS);
        for (int time = 0; time < 2; time++) {
            try (Gathered gathered = gathered(source)) {
                assertThat(gathered.split().training()).isEqualTo(split.training());
                assertThat(gathered.split().heldOut()).isEqualTo(split.heldOut());
                assertThat(gathered.observations().rows(split.heldOut()).y().getFloat(9, 0))
                        .isEqualTo(split.heldOut()[9]);
                assertThat(gathered.clean()).isEmpty();
            }
        }
        assertThat(folder.resolve("y.npy")).doesNotExist();
    }

    /** Loses pixels where the mask is 0, and takes nothing but ones and zeros for a mask. */
    private record Masking() implements ForwardModel {
        @Override
        public Observations apply(INDArray x, RandomGenerator rng) {
            throw new UnsupportedOperationException("the observations are given");
        }

        @Override
        public Optional<Observations> refill(Observations observed, RandomGenerator rng) {
            INDArray seen = observed.conditioning().orElseThrow();
            if (!seen.mul(seen).equals(seen)) {
                throw new DataException("expected ones and zeros");
            }
            INDArray filler = Samples.gaussian(rng, observed.y().shape()).muli(seen.rsub(1));
            return Optional.of(Observations.of(observed.y().mul(seen).addi(filler), seen));
        }
    }

    /** 4,000 lost values of variance 1: mean 0 with standard error .016, mean square 1 with .022. */
    @Test
    void lost_pixels_of_images_are_filled_once_as_the_forward_model_would_and_what_is_seen_is_as_in_the_files() {
        ObservedItems source = masked(40, 0);
        Split split = Split.of(40, 0, 8, STREAMS);
        INDArray y;
        try (Gathered gathered = gathered(source, new Masking())) {
            y = gathered.observations().rows(0, 40).y();
            int item = split.training()[0];
            Observations file = Observations.of(Nd4j.valueArrayOf(new long[] {1, 1, 10, 20}, pixel(item)), mask(item));
            assertThat(gathered.observations().rows(0, 1).y())
                    .as("as restore fills the image of this name, at the first draw")
                    .isEqualTo(new Refill(new Masking(), STREAMS)
                            .of(name(item), 1, file)
                            .orElseThrow()
                            .y());
        }
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < 40; i++) {
            int item = i < 32 ? split.training()[i] : split.heldOut()[i - 32];
            for (int j = 0; j < 200; j++) {
                double value = y.getDouble(i, 0, j / 20, j % 20);
                if ((item + j) % 2 == 0) {
                    assertThat((float) value).isEqualTo(pixel(item));
                } else {
                    sum += value;
                    squares += value * value;
                }
            }
        }
        assertThat(sum / 4000).isCloseTo(0, within(4 * .016));
        assertThat(squares / 4000).isCloseTo(1, within(4 * .022));
        try (Gathered again = gathered(source, new Masking())) {
            assertThat(again.observations().rows(0, 40).y()).isEqualTo(y);
        }
    }

    @Test
    void images_of_a_model_that_fills_nothing_are_as_in_the_files() {
        try (Gathered gathered = gathered(masked(3, 0))) {
            assertThat(gathered.observations().rows(0, 3).y().minNumber().floatValue())
                    .isEqualTo(-1);
        }
    }

    @Test
    void conditioning_that_is_none_of_the_forward_models_is_told_with_its_file_and_row() {
        assertThatThrownBy(() -> gathered(masked(3, .5f), new Masking()))
                .isInstanceOf(DataException.class)
                .hasMessageMatching(".*conditioning\\.npy: row [012]: expected ones and zeros");
    }

    /** Images of 10 x 20 pixels of one grey, every other of which is lost and black. */
    private ObservedItems masked(int count, float lost) {
        for (int n = 0; n < count; n++) {
            float[] values = new float[200];
            for (int j = 0; j < 200; j++) {
                values[j] = (n + j) % 2 == 0 ? pixel(n) : -1;
            }
            ImageFile.write(
                    data.resolve(name(n)), new ImageFormat(ImageFormat.Kind.PNG, 8, 1), new Planes(1, 10, 20, values));
        }
        INDArray masks = Nd4j.concat(
                0, IntStream.range(0, count).mapToObj(GatheredTest::mask).toArray(INDArray[]::new));
        Npy.write(data.resolve("conditioning.npy"), masks.add(masks.rsub(1).muli(lost)));
        return new ObservedItems(data, 0, Math.min(8, count - 1));
    }

    private static String name(int item) {
        return String.format("scan-%02d.png", item);
    }

    private static float pixel(int item) {
        return scaled(100 + item);
    }

    private static INDArray mask(int item) {
        INDArray seen = Nd4j.zeros(1, 1, 10, 20);
        for (int j = item % 2; j < 200; j += 2) {
            seen.putScalar(new long[] {0, 0, j / 20, j % 20}, 1);
        }
        return seen;
    }

    private Gathered gathered(DataSource source) {
        return gathered(source, NOISY);
    }

    private Gathered gathered(DataSource source, ForwardModel forward) {
        return Gathered.in(folder, source, forward, STREAMS, data, Integer.MAX_VALUE, SILENT);
    }

    private static float scaled(int pixel) {
        return (float) (2.0 * pixel / 255 - 1);
    }

    /** Images of two pixels, that are an item's number in base 256. */
    private IdxItems idx(int count, int limit, int holdOut) throws IOException {
        ByteBuffer file = ByteBuffer.allocate(16 + 2 * count)
                .putInt(0x803)
                .putInt(count)
                .putInt(1)
                .putInt(2);
        for (int n = 0; n < count; n++) {
            file.putShort((short) n);
        }
        return new IdxItems(Files.write(data.resolve("x.idx"), file.array()), limit, holdOut);
    }
}
