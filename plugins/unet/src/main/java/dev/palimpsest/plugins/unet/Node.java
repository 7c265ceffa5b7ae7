package dev.palimpsest.plugins.unet;

import java.util.Optional;

/**
 * What one layer writes and one other layer reads: a value [items, height, width, channels], and in training the gradient of the loss with respect to
 * it, which the reader writes.
 */
record Node(int items, int height, int width, int channels, Buffer value, Optional<Buffer> slope) {
    int pixels() {
        return height * width;
    }

    int itemSize() {
        return height * width * channels;
    }

    Buffer gradient() {
        return slope.orElseThrow();
    }
}
