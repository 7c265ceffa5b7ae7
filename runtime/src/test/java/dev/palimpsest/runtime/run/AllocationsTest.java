package dev.palimpsest.runtime.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AllocationsTest {
    private static final int MILLION = 1_000_000;

    /** What the virtual machine's own threads and the test's allocate in the meantime: far less than what is looked for. */
    private static final long BESIDE = 20L * MILLION;

    @Test
    void what_another_thread_takes_of_the_heap_is_counted_even_if_it_is_garbage_at_once() throws InterruptedException {
        AtomicReference<Object> published = new AtomicReference<>();
        CountDownLatch start = new CountDownLatch(1);
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch read = new CountDownLatch(1);
        Thread other = new Thread(() -> {
            await(start);
            for (int i = 0; i < 200; i++) {
                published.set(new byte[MILLION]);
            }
            taken.countDown();
            await(read);
        });
        other.start();
        Allocations before = Allocations.now();
        start.countDown();
        taken.await();
        long bytes = Allocations.now().heapBytesSince(before);
        read.countDown();
        other.join();
        assertThat(bytes).isBetween(200L * MILLION, 200L * MILLION + BESIDE);
    }

    @Test
    void what_an_array_holds_outside_of_the_heap_is_counted_until_it_is_closed() {
        Nd4j.zeros(1);
        Allocations before = Allocations.now();
        INDArray array = Nd4j.createUninitialized(DataType.FLOAT, 10 * MILLION);
        assertThat(Allocations.now().nativeBytesSince(before)).isBetween(40L * MILLION, 41L * MILLION);
        array.close();
        assertThat(Allocations.now().nativeBytesSince(before)).isLessThan(MILLION);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
