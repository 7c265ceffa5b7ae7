package dev.palimpsest.plugins.unet;

/** cos(1000 w t), then sin(1000 w t), for frequencies w from 1 down to almost 1/10000 (Vaswani et al., arXiv 1706.03762). */
final class TimeFeatures {
    private static final double TIME_SCALE = 1000;
    private static final double LONGEST = 10000;

    private TimeFeatures() {}

    /** The features of each time, {@code size} (even) of them, one time after the other. */
    static float[] of(float[] times, int size) {
        int half = size / 2;
        float[] values = new float[times.length * 2 * half];
        for (int n = 0; n < times.length; n++) {
            for (int i = 0; i < half; i++) {
                double angle = TIME_SCALE * times[n] * Math.pow(LONGEST, -(double) i / half);
                values[2 * half * n + i] = (float) Math.cos(angle);
                values[2 * half * n + half + i] = (float) Math.sin(angle);
            }
        }
        return values;
    }
}
