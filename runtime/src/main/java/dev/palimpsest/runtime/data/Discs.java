package dev.palimpsest.runtime.data;

import java.util.random.RandomGenerator;

/**
 * The radii of discs that touch an image. All discs have radii r of density proportional to r^-3 on [a, b] and centres that are uniform on a plane; one
 * touches the image of height h and width w, or a corner of its surroundings, if its centre lies in the rectangle that is larger by r on each side. So the
 * radii of those that do have the density
 *
 * <pre>r^-3 (h + 2 r)(w + 2 r) = h w r^-3 + 2 (h + w) r^-2 + 4 r^-1</pre>
 *
 * up to a factor, and their centres are uniform on that rectangle. The others change nothing, and are not drawn.
 */
final class Discs {
    private final double area;
    private final double perimeter;
    private final double smallest;
    private final double ofArea;
    private final double ofPerimeter;
    private final double all;

    Discs(int height, int width, double smallest, double largest) {
        this.area = (double) height * width;
        this.perimeter = 2.0 * (height + width);
        this.smallest = smallest;
        this.ofArea = area * (1 / (smallest * smallest) - 1 / (largest * largest)) / 2;
        this.ofPerimeter = perimeter * (1 / smallest - 1 / largest);
        this.all = ofArea + ofPerimeter + 4 * Math.log(largest / smallest);
    }

    /** A radius: each of the three powers is drawn as often as its integral says, by the inverse of its distribution. */
    double radius(RandomGenerator rng) {
        double mark = rng.nextDouble() * all;
        if (mark < ofArea) {
            return 1 / Math.sqrt(1 / (smallest * smallest) - 2 * mark / area);
        }
        mark -= ofArea;
        if (mark < ofPerimeter) {
            return 1 / (1 / smallest - mark / perimeter);
        }
        return smallest * Math.exp((mark - ofPerimeter) / 4);
    }
}
