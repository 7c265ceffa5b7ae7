package dev.palimpsest.plugins.tomography;

/**
 * Parallel-beam projections of images of square pixels, and their filtered back-projection.
 *
 * <p>The image is the function that is constant on each pixel, with the pixel's side as the unit of length, the centre of the image as origin, and Y upward. Bin k
 * of the detector, half a pixel wide around s_k, holds the mean of the line integrals that end in it, where a ray at the angle a is the line
 * X cos a + Y sin a = s:
 *
 * <pre>  p_k = sum_j W_kj x_j,   W_kj = 2 (C(s_k + 1/4 - s_j) - C(s_k - 1/4 - s_j)),   s_j = X_j cos a + Y_j sin a</pre>
 *
 * with C the cumulated shadow of a pixel, a trapezoid of area 1. The detector is as long as the diagonal, so that every pixel is seen whole, those outside of the
 * inscribed circle as well. Bins of a whole pixel would not do: they cannot tell the finest patterns along the diagonal, and a tenth of all patterns of an image
 * of 28 x 28 pixels would hardly be seen at any angle.
 */
final class ParallelBeam {
    private final int height;
    private final int width;
    private final int bins;
    private final float[] ramp;

    ParallelBeam(int height, int width) {
        this.height = height;
        this.width = width;
        bins = (int) Math.ceil(2 * Math.hypot(height, width)) + 2;
        ramp = new float[bins];
        ramp[0] = .25f;
        for (int d = 1; d < bins; d += 2) {
            ramp[d] = (float) (-1 / (Math.PI * Math.PI * d * d));
        }
    }

    /** Length of the detector in bins of half a pixel; its centre is the image's. */
    int bins() {
        return bins;
    }

    int pixels() {
        return height * width;
    }

    /** The longer side of the image in pixels. */
    int side() {
        return Math.max(height, width);
    }

    /**
     * The ramp filter of Ram and Lakshminarayanan, q = h * p with h_0 = 1/4, h_d = -1/(pi d)^2 for odd d and 0 for even d (Kak and Slaney, "Principles of
     * Computerized Tomographic Imaging", 1988, eq. 61): a symmetric positive definite matrix. Sampled in space, it has the right response to a constant,
     * which |f| sampled in frequency lacks.
     */
    float[] filter(float[] projection) {
        float[] filtered = new float[bins];
        for (int k = 0; k < bins; k++) {
            filtered[k] = ramp[0] * projection[k];
        }
        for (int d = 1; d < bins; d += 2) {
            float h = ramp[d];
            for (int k = d; k < bins; k++) {
                filtered[k] += h * projection[k - d];
                filtered[k - d] += h * projection[k];
            }
        }
        return filtered;
    }

    View at(double angle) {
        return new View(angle);
    }

    /** The weights W of one angle: a pixel's shadow is at most sqrt(2) wide, and so falls on at most four bins. */
    final class View {
        private final int[] firstBin = new int[height * width];
        private final float[] weights = new float[4 * height * width];

        private View(double angle) {
            double cos = Math.cos(angle);
            double sin = Math.sin(angle);
            Shadow shadow = new Shadow(Math.abs(cos), Math.abs(sin));
            for (int row = 0, pixel = 0; row < height; row++) {
                double edge = bins / 2. - 2 * sin * (row - (height - 1) / 2.) - cos * (width - 1);
                for (int column = 0; column < width; column++, pixel++) {
                    double centre = edge + 2 * cos * column;
                    int first = (int) (centre - 2 * shadow.reach);
                    double one = shadow.before((first + 1 - centre) / 2);
                    double two = shadow.before((first + 2 - centre) / 2);
                    double three = shadow.before((first + 3 - centre) / 2);
                    firstBin[pixel] = first;
                    weights[4 * pixel] = (float) (2 * one);
                    weights[4 * pixel + 1] = (float) (2 * (two - one));
                    weights[4 * pixel + 2] = (float) (2 * (three - two));
                    weights[4 * pixel + 3] = (float) (2 * (1 - three));
                }
            }
        }

        /** W x for the image that begins at an offset of the pixels. */
        float[] project(float[] pixels, int offset) {
            float[] projection = new float[bins];
            for (int pixel = 0; pixel < firstBin.length; pixel++) {
                int bin = firstBin[pixel];
                float x = pixels[offset + pixel];
                projection[bin] += weights[4 * pixel] * x;
                projection[bin + 1] += weights[4 * pixel + 1] * x;
                projection[bin + 2] += weights[4 * pixel + 2] * x;
                projection[bin + 3] += weights[4 * pixel + 3] * x;
            }
            return projection;
        }

        /** Adds scale W^T p to the image that begins at an offset of the pixels. */
        void addBackProjection(float[] projection, float scale, float[] pixels, int offset) {
            for (int pixel = 0; pixel < firstBin.length; pixel++) {
                int bin = firstBin[pixel];
                pixels[offset + pixel] += scale
                        * (weights[4 * pixel] * projection[bin]
                                + weights[4 * pixel + 1] * projection[bin + 1]
                                + weights[4 * pixel + 2] * projection[bin + 2]
                                + weights[4 * pixel + 3] * projection[bin + 3]);
            }
        }
    }

    /** What a pixel throws on the detector: two boxes of the widths |cos a| and |sin a|, convolved. */
    private static final class Shadow {
        final double reach;
        private final double flat;
        private final double longer;
        private final double product;

        Shadow(double cos, double sin) {
            reach = (cos + sin) / 2;
            flat = Math.abs(cos - sin) / 2;
            longer = Math.max(cos, sin);
            product = cos * sin;
        }

        /** C(s): the share of the shadow that lies before s, with its centre at 0. */
        double before(double s) {
            double distance = Math.abs(s);
            if (distance <= flat) {
                return .5 + s / longer;
            }
            double tail = distance < reach ? (reach - distance) * (reach - distance) / (2 * product) : 0;
            return s < 0 ? tail : 1 - tail;
        }
    }
}
