package dev.palimpsest.runtime.data;

/** The scale of images: black is -1 and white is 1. */
final class Scale {
    private Scale() {}

    /** v / 127.5 - 1 for an unsigned byte v. */
    static float of(byte v) {
        return of(v & 0xff, 255);
    }

    /** 2 v / white - 1. */
    static float of(int v, int white) {
        return (float) (2.0 * v / white - 1);
    }

    /**
     * The sample nearest to a value, the inverse of {@link #of(int, int)}; values out of [-1, 1] are clamped.
     *
     * @throws IllegalArgumentException if the value is NaN
     */
    static int sample(float value, int white) {
        if (Float.isNaN(value)) {
            throw new IllegalArgumentException("expected a value from -1 to 1, got NaN");
        }
        return (int) Math.round((Math.min(1, Math.max(-1, value)) + 1.0) / 2 * white);
    }
}
