package dev.palimpsest.runtime.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import dev.palimpsest.runtime.data.DataSource;
import dev.palimpsest.runtime.data.IdxItems;
import dev.palimpsest.runtime.data.Npy;
import dev.palimpsest.runtime.data.ObservedItems;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.data.Split;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private Gathered gathered(DataSource source) {
        return Gathered.in(folder, source, NOISY, STREAMS, data, Integer.MAX_VALUE, SILENT);
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
