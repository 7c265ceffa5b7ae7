package dev.palimpsest.runtime.restore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is restored together. Float32's rounding depends on it in the last bits, so that blocks are those of all observations as far as they are missing as a
 * whole: then a call that goes on where another was stopped leaves the very bits that one alone would have left. What is missing of others comes last.
 */
final class Blocks {
    private Blocks() {}

    /**
     * The blocks.
     *
     * @param count how many observations there are
     * @param missing the numbers of those to restore, ascending
     * @param size of a block
     */
    static List<int[]> of(int count, int[] missing, int size) {
        List<int[]> blocks = new ArrayList<>();
        IntStream.Builder rest = IntStream.builder();
        for (int at = 0; at < missing.length; ) {
            int first = missing[at] / size * size;
            int end = at;
            while (end < missing.length && missing[end] < first + size) {
                end++;
            }
            int[] block = Arrays.copyOfRange(missing, at, end);
            if (block.length == Math.min(size, count - first)) {
                blocks.add(block);
            } else {
                IntStream.of(block).forEach(rest);
            }
            at = end;
        }
        int[] scattered = rest.build().toArray();
        for (int at = 0; at < scattered.length; at += size) {
            blocks.add(Arrays.copyOfRange(scattered, at, Math.min(scattered.length, at + size)));
        }
        return blocks;
    }
}
