package dev.palimpsest.runtime.run;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What has been allocated up to a moment: on the Java heap by each living thread, as {@code com.sun.management.ThreadMXBean} counts it; outside of it as
 * what is held of ND4J's buffers ({@code Environment.getDeviceCouner}, which has every array that is in no workspace) and of JavaCPP's own
 * ({@code Pointer.totalBytes}). Native memory that has been freed again in between does not show.
 */
record Allocations(long[] threads, long[] bytesOfThreads, long nativeBytes) {
    private static final ThreadMXBean THREADS =
            (ThreadMXBean) ManagementFactory.getPlatformMXBean(java.lang.management.ThreadMXBean.class);

    static Allocations now() {
        long[] threads = THREADS.getAllThreadIds();
        return new Allocations(
                threads,
                THREADS.getThreadAllocatedBytes(threads),
                Nd4j.getEnvironment().getDeviceCouner(0) + Pointer.totalBytes());
    }

    /** Bytes of the heap that threads which live now have taken since an earlier moment, whether collected in the meantime or not. */
    long heapBytesSince(Allocations before) {
        Map<Long, Long> earlier = new HashMap<>();
        for (int i = 0; i < before.threads.length; i++) {
            earlier.put(before.threads[i], before.bytesOfThreads[i]);
        }
        long sum = 0;
        for (int i = 0; i < threads.length; i++) {
            sum += Math.max(0, bytesOfThreads[i] - earlier.getOrDefault(threads[i], 0L));
        }
        return sum;
    }

    /** Bytes outside of the heap that are held now and were not at an earlier moment; negative if more was freed than taken. */
    long nativeBytesSince(Allocations before) {
        return nativeBytes - before.nativeBytes;
    }
}
