package dev.palimpsest.plugins.unet;

import java.nio.FloatBuffer;

/** Moves stretches of floats between native memory, on the way adding what is there already. */
final class Copies {
    private static final int STRETCH = 4096;

    private Copies() {}

    /** to[at + i] = from[fromAt + i], or += if it adds. */
    static void copy(FloatBuffer from, int fromAt, FloatBuffer to, int at, int length, boolean adds) {
        if (!adds) {
            to.put(at, from, fromAt, length);
            return;
        }
        float[][] scratch = Scratch.arrays(2, STRETCH);
        for (int done = 0; done < length; done += STRETCH) {
            int part = Math.min(STRETCH, length - done);
            from.get(fromAt + done, scratch[0], 0, part);
            add(scratch[0], to, at + done, part, scratch[1]);
        }
    }

    /** to[at + i] = values[i], or += if it adds. */
    static void put(float[] values, FloatBuffer to, int at, int length, boolean adds, float[] working) {
        if (adds) {
            add(values, to, at, length, working);
        } else {
            to.put(at, values, 0, length);
        }
    }

    private static void add(float[] values, FloatBuffer to, int at, int length, float[] working) {
        to.get(at, working, 0, length);
        Kernels.add(working, values, length);
        to.put(at, working, 0, length);
    }
}
