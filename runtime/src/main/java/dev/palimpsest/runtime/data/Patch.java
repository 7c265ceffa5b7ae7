package dev.palimpsest.runtime.data;

import java.util.List;
import java.util.Optional;

/**
 * How images of any size are cut into windows of one size for training.
 *
 * @param height of a window in pixels
 * @param width of a window in pixels
 * @param margin how many pixels beside a window are corrupted with it, and not learned from: how far F reaches; empty if that is found by calling F
 * @param augment whether windows are flipped and turned by quarters at random
 */
public record Patch(int height, int width, Optional<Integer> margin, boolean augment) {
    /** What the keys of data sources say. */
    static final String SIZE =
            "[height, width] of windows at random places, on which is trained; images may then have any size, also each its own, or there may be one alone";

    static final String MARGIN =
            "how many pixels around a patch are corrupted with it and not learned from, because F reaches so far; without it, found by calling F";
    static final String AUGMENT = "whether patches are flipped and turned by quarters at random";

    /** @throws IllegalArgumentException if the size is none, or windows that are not square are to be turned */
    static Optional<Patch> of(Optional<List<Integer>> size, Optional<Integer> margin, boolean augment) {
        if (size.isEmpty()) {
            if (margin.isPresent() || augment) {
                throw new IllegalArgumentException(
                        (augment ? "augment" : "margin") + " belongs to patches; set patch: [height, width], too");
            }
            return Optional.empty();
        }
        Fitting.check("patch", size.get());
        Patch patch = new Patch(size.get().get(0), size.get().get(1), margin, augment);
        if (augment && patch.height != patch.width) {
            throw new IllegalArgumentException(
                    "augment turns patches by quarters, so that they must be square, got " + patch.shown());
        }
        return Optional.of(patch);
    }

    String shown() {
        return height + " x " + width;
    }
}
