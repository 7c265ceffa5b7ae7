package dev.palimpsest.plugins.externalprocess;

import java.util.Optional;

/** What a program answered to a frame: y, in the frame's shape, and what is known of the corruption. */
record Answer(float[] y, Optional<Conditioning> conditioning) {
    record Conditioning(float[] values, long[] shape) {}
}
