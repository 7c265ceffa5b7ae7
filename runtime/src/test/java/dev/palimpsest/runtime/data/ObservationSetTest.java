package dev.palimpsest.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ObservationSetTest {
    private static final int N = 600;
    private static final RandomStreams STREAMS = new RandomStreams(5);
    private static final ForwardModel MASKED = (x, rng) -> {
        INDArray mask = Samples.bernoulli(rng, 0.5, x.size(0), 1, 2, 3);
        return Observations.of(x.mul(mask), mask);
    };
    private static final ForwardModel NOISY = (x, rng) -> Observations.of(x.add(Samples.gaussian(rng, x.shape())));

    @TempDir
    Path folder;

    @TempDir
    Path scans;

    @Test
    void each_row_keeps_its_own_conditioning() {
        INDArray clean = numbered();
        try (ObservationSet set = ObservationSet.simulate(clean, MASKED, STREAMS, folder)) {
            assertThat(set.size()).isEqualTo(N);
            assertThat(set.itemShape()).containsExactly(1, 2, 3);
            assertThat(set.conditioningShape().orElseThrow()).containsExactly(1, 2, 3);
            int[] numbers = {599, 0, 256, 255, 0};
            Observations rows = set.rows(numbers);
            float[] y = rows.y().data().asFloat();
            float[] mask = rows.conditioning().orElseThrow().data().asFloat();
            for (int i = 0; i < numbers.length; i++) {
                for (int j = 0; j < 6; j++) {
                    assertThat(y[6 * i + j]).isEqualTo(mask[6 * i + j] * (6 * numbers[i] + j + 1));
                }
            }
        }
    }

    @Test
    void the_kth_block_is_drawn_once_with_the_kth_stream() {
        INDArray clean = Nd4j.zeros(N, 2);
        AtomicInteger calls = new AtomicInteger();
        ForwardModel counted = (x, rng) -> {
            calls.incrementAndGet();
            return NOISY.apply(x, rng);
        };
        try (ObservationSet set = ObservationSet.simulate(clean, counted, STREAMS, folder)) {
            INDArray second = Samples.gaussian(STREAMS.stream("observe", 1), 256, 2);
            assertThat(set.rows(256, 512).y()).isEqualTo(second);
            assertThat(set.rows(256, 512).y()).isEqualTo(second);
            assertThat(set.conditioningShape()).isEmpty();
        }
        assertThat(calls).hasValue(3);
    }

    @Test
    void any_order_of_reading_gives_the_same_bits() {
        try (ObservationSet set = ObservationSet.simulate(Nd4j.zeros(N, 2), NOISY, STREAMS, folder);
                ObservationSet again = ObservationSet.open(folder)) {
            float[] all = set.rows(0, N).y().data().asFloat();
            for (int n = N - 1; n >= 0; n -= 7) {
                float[] row = again.rows(new int[] {n}).y().data().asFloat();
                assertThat(row).containsExactly(all[2 * n], all[2 * n + 1]);
            }
        }
    }

    @Test
    void what_is_read_is_the_callers_own() {
        try (ObservationSet set = ObservationSet.simulate(numbered(), MASKED, STREAMS, folder)) {
            INDArray before = set.rows(0, 3).y();
            INDArray taken = set.rows(0, 3).y();
            taken.assign(77);
            assertThat(set.rows(0, 3).y()).isEqualTo(before);
        }
    }

    @Test
    void the_clean_items_are_not_modified_even_by_a_model_that_works_in_place() {
        INDArray clean = numbered();
        ObservationSet.simulate(clean, (x, rng) -> Observations.of(x.muli(2)), STREAMS, folder)
                .close();
        assertThat(clean).isEqualTo(numbered());
    }

    @Test
    void older_conditioning_does_not_outlive_a_new_simulation() {
        ObservationSet.simulate(numbered(), MASKED, STREAMS, folder).close();
        try (ObservationSet set = ObservationSet.simulate(numbered(), NOISY, STREAMS, folder)) {
            assertThat(set.conditioningShape()).isEmpty();
        }
    }

    @Test
    void only_the_chosen_items_are_corrupted_in_their_order() {
        int[] used = {5, 3, 599, 0};
        INDArray clean = numbered();
        try (ObservationSet set = ObservationSet.simulate(
                Drawn.of("items", clean), used, (x, rng) -> Observations.of(x), STREAMS, folder)) {
            assertThat(set.size()).isEqualTo(4);
            for (int i = 0; i < used.length; i++) {
                assertThat(set.rows(i, i + 1).y().getFloat(0, 0, 0, 0)).isEqualTo(6 * used[i] + 1);
            }
        }
    }

    @Test
    void observations_in_npy_files_stay_where_they_are_under_their_own_numbers() throws IOException {
        Path y = scans.resolve("y.npy");
        Npy.write(y, Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}, {5, 6}}));
        Npy.write(scans.resolve("conditioning.npy"), Nd4j.createFromArray(new float[][] {{7}, {8}, {9}}));
        kept(new int[] {2, 0});
        try (ObservationSet set = ObservationSet.open(folder)) {
            assertThat(set.inPlace()).isTrue();
            assertThat(set.size()).isEqualTo(3);
            Observations rows = set.rows(new int[] {2, 0});
            assertThat(rows.y().toFloatMatrix()).isDeepEqualTo(new float[][] {{5, 6}, {1, 2}});
            assertThat(rows.conditioning().orElseThrow().toFloatMatrix()).isDeepEqualTo(new float[][] {{9}, {7}});
        }
        assertThat(folder.resolve("y.npy")).doesNotExist();
        Files.setLastModifiedTime(y, FileTime.fromMillis(1));
        assertThatThrownBy(() -> ObservationSet.open(folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(y + ": was changed since the run began");
        Files.delete(y);
        assertThatThrownBy(() -> ObservationSet.open(folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(y + ": expected a file that can be read, but there is no such file");
    }

    @Test
    void a_file_in_place_of_another_size_has_changed_whatever_its_time_says() throws IOException {
        Path y = scans.resolve("y.npy");
        Npy.write(y, Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}}));
        kept(new int[] {0, 1});
        FileTime time = Files.getLastModifiedTime(y);
        Files.write(y, new byte[] {7}, StandardOpenOption.APPEND);
        Files.setLastModifiedTime(y, time);
        assertThatThrownBy(() -> ObservationSet.open(folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(y + ": was changed since the run began");
    }

    @Test
    void of_a_million_images_on_disk_only_those_that_are_asked_for_are_in_memory() throws IOException {
        int count = 1_000_000;
        int size = 3 * 32 * 32;
        byte[] header = NpyHeader.write(count, 3, 32, 32);
        Path y = scans.resolve("y.npy");
        try (FileChannel file = FileChannel.open(
                y, StandardOpenOption.CREATE_NEW, StandardOpenOption.SPARSE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(header));
            ByteBuffer last = ByteBuffer.allocate(Float.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(0, 7);
            file.write(last, header.length + ((long) count * size - 1) * Float.BYTES);
        }
        kept(new int[] {count - 1, 0});
        try (ObservationSet set = ObservationSet.open(folder)) {
            set.rows(new int[] {0});
            long before = allocated();
            INDArray rows = set.rows(new int[] {count - 1, 0, count / 2}).y();
            assertThat(allocated() - before).isLessThan(1 << 20);
            float[] values = rows.data().asFloat();
            assertThat(values[size - 1]).isEqualTo(7);
            assertThat(values[size - 2]).isZero();
            assertThat(values[3 * size - 1]).isZero();
        }
    }

    @Test
    void of_observations_in_place_only_those_that_are_used_must_be_finite() {
        Npy.write(scans.resolve("y.npy"), Nd4j.createFromArray(new float[][] {{1}, {Float.NaN}, {3}}));
        kept(new int[] {2, 0});
        assertThatThrownBy(() -> kept(new int[] {2, 1}))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("y.npy: expected finite values only, but value 0 of item 1 is NaN");
    }

    @Test
    void observations_in_other_files_are_decoded_once_in_the_order_of_their_use() throws IOException {
        for (int n = 0; n < 3; n++) {
            ImageFile.write(
                    scans.resolve(n + ".png"),
                    new ImageFormat(ImageFormat.Kind.PNG, 8, 1),
                    new Planes(1, 1, 1, new float[] {n - 1}));
        }
        Npy.write(scans.resolve("conditioning.npy"), Nd4j.createFromArray(new float[][] {{7}, {8}, {9}}));
        kept(new int[] {2, 0});
        for (int n = 0; n < 3; n++) {
            Files.delete(scans.resolve(n + ".png"));
        }
        try (ObservationSet set = ObservationSet.open(folder)) {
            assertThat(set.inPlace()).isFalse();
            Observations rows = set.rows(0, 2);
            assertThat(rows.y().data().asFloat()).containsExactly(1, -1);
            assertThat(rows.conditioning().orElseThrow().toFloatMatrix()).isDeepEqualTo(new float[][] {{9}, {7}});
        }
    }

    @Test
    void what_is_read_ahead_is_what_is_read() {
        try (ObservationSet set = ObservationSet.simulate(numbered(), MASKED, STREAMS, folder);
                ReadAhead ahead = new ReadAhead(set)) {
            int[] numbers = {599, 0, 256, 255, 0};
            Observations expected = set.rows(numbers);
            ahead.expect(numbers);
            for (int time = 0; time < 2; time++) {
                Observations read = ahead.rows(numbers);
                assertThat(read.y()).isEqualTo(expected.y());
                assertThat(read.conditioning()).isEqualTo(expected.conditioning());
            }
            ahead.expect(numbers);
            assertThat(ahead.rows(new int[] {1}).y()).isEqualTo(set.rows(1, 2).y());
            assertThat(ahead.rows(numbers).y()).isEqualTo(expected.y());
        }
    }

    @Test
    void what_goes_wrong_in_reading_ahead_is_told_when_it_is_asked_for() throws IOException {
        try (ObservationSet set = ObservationSet.simulate(numbered(), NOISY, STREAMS, folder);
                ReadAhead ahead = new ReadAhead(set)) {
            try (FileChannel file = FileChannel.open(folder.resolve("y.npy"), StandardOpenOption.WRITE)) {
                file.truncate(1000);
            }
            ahead.expect(new int[] {599});
            assertThatThrownBy(() -> ahead.rows(new int[] {599}))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("y.npy: became shorter while it was read");
        }
    }

    @Test
    void a_row_that_is_not_there_is_an_error() {
        try (ObservationSet set = ObservationSet.simulate(Nd4j.zeros(4, 2), NOISY, STREAMS, folder)) {
            assertThatThrownBy(() -> set.rows(new int[] {4})).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> set.rows(new int[] {-1})).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> set.rows(3, 5)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void a_model_that_returns_another_shape_or_no_number_is_named_and_leaves_no_file() {
        assertFails(
                (x, rng) -> Observations.of(Nd4j.zeros(x.size(0), 3)), "expected y in the shape of x, [256, 1, 2, 3]");
        assertFails(
                (x, rng) -> Observations.of(x.dup().putScalar(0, Float.NaN)),
                "items from 0: expected finite values in y, but value 0 of item 0");
        assertFails((x, rng) -> Observations.of(x, Nd4j.zeros(x.size(0), 1, 3, 2)), "or maps [256, c, 2, 3]");
        assertFails(
                (x, rng) -> Observations.of(x, Nd4j.zeros(x.size(0), x.size(0))),
                "items from 512: expected the conditioning of an item to have the same shape at every call, [256], got [88]");
        assertFails(
                (x, rng) -> x.size(0) == 256 ? Observations.of(x, Nd4j.zeros(256, 1)) : Observations.of(x),
                "same shape at every call, [1], got none");
    }

    @Test
    void a_folder_whose_files_do_not_fit_is_an_error() {
        assertThatThrownBy(() -> ObservationSet.open(folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("y.npy");
        Npy.write(folder.resolve("y.npy"), Nd4j.zeros(4, 2));
        Npy.write(folder.resolve("conditioning.npy"), Nd4j.zeros(3, 2));
        assertThatThrownBy(() -> ObservationSet.open(folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("expected 4 rows, as in y.npy, got 3");
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private void kept(int[] used) {
        try (Items items = new ObservedItems(scans, 0, 1).open(new Places(scans, scans, folder), STREAMS);
                ObservationSet set = ObservationSet.of(
                        (Items.Observed) items, used, new Refill((x, rng) -> Observations.of(x), STREAMS), folder)) {
            assertThat(set.size()).isGreaterThanOrEqualTo(used.length);
        }
    }

    private void assertFails(ForwardModel forward, String message) {
        assertThatThrownBy(() -> ObservationSet.simulate(numbered(), forward, STREAMS, folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("forward model")
                .hasMessageContaining(message);
        assertThat(Files.exists(folder.resolve("y.npy"))).isFalse();
        assertThat(folder).isEmptyDirectory();
    }

    /** Items [600, 1, 2, 3] with the values 1, 2, 3, ... */
    private static INDArray numbered() {
        float[] values = new float[6 * N];
        for (int i = 0; i < values.length; i++) {
            values[i] = i + 1;
        }
        return Nd4j.createFromArray(values).reshape('c', N, 1, 2, 3);
    }
}
