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
}
