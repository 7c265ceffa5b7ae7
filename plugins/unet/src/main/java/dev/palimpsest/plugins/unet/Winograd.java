package dev.palimpsest.plugins.unet;

/**
 * The minimal filtering algorithm F(4x4, 3x3) of Winograd, as Lavin and Gray give it (arXiv 1509.09308, section 4.3): a tile Y of 4x4 results of a
 * 3x3 convolution with weights g on a patch d of 6x6 pixels is
 *
 * <pre>
 * Y = A^T [(G g G^T) * (B^T d B)] A,   with * element by element: 36 multiplications instead of 144.
 * </pre>
 *
 * Summed over input channels, each of the 36 elements is a matrix product of all tiles with all weights. With V = B^T d B, Z = A dY A^T and dU = V^T Z,
 * the gradient of the weights is G^T dU G.
 *
 * <p>The functions here transform many tiles at once: {@code planes[6 i + j][k]} is element (i, j) of the k-th tile, patch or weight.
 */
final class Winograd {
    /** Rows and columns of a tile of results. */
    static final int TILE = 4;

    /** Rows and columns of a patch, and of all transformed things. */
    static final int PATCH = 6;

    /** Elements of what is transformed. */
    static final int POINTS = PATCH * PATCH;

    private static final int TAPS = 3;

    private Winograd() {}

    /** planes = B^T planes B. */
    static void patches(float[][] planes, float[][] working, int length) {
        transform(Winograd::patchLine, PATCH, PATCH, planes, working, length);
    }

    /** planes = A^T planes A. */
    static void results(float[][] planes, float[][] working, int length) {
        transform(Winograd::resultLine, PATCH, TILE, planes, working, length);
    }

    /** planes = A planes A^T: the transpose of {@link #results}. */
    static void resultGradients(float[][] planes, float[][] working, int length) {
        transform(Winograd::resultGradientLine, TILE, PATCH, planes, working, length);
    }

    /** planes = G planes G^T. */
    static void weights(float[][] planes, float[][] working, int length) {
        transform(Winograd::weightLine, TAPS, PATCH, planes, working, length);
    }

    /** planes = G^T planes G: the transpose of {@link #weights}. */
    static void weightGradients(float[][] planes, float[][] working, int length) {
        transform(Winograd::weightGradientLine, PATCH, TAPS, planes, working, length);
    }

    /** Maps one line of elements of x to one of y: they lie at {@code first}, {@code first + step} and so on. */
    private interface Line {
        void apply(float[][] x, float[][] y, int first, int step, int length);
    }

    private static void transform(Line line, int ins, int outs, float[][] planes, float[][] working, int length) {
        for (int column = 0; column < ins; column++) {
            line.apply(planes, working, column, PATCH, length);
        }
        for (int row = 0; row < outs; row++) {
            line.apply(working, planes, PATCH * row, 1, length);
        }
    }

    private static void patchLine(float[][] x, float[][] y, int first, int step, int length) {
        float[] x1 = x[first + step];
        float[] x2 = x[first + 2 * step];
        float[] x3 = x[first + 3 * step];
        float[] x4 = x[first + 4 * step];
        patchEnd(x[first], x2, x4, y[first], length);
        patchEnd(x1, x3, x[first + 5 * step], y[first + 5 * step], length);
        float[] y1 = y[first + step];
        float[] y2 = y[first + 2 * step];
        for (int i = 0; i < length; i++) {
            float even = x4[i] - 4 * x2[i];
            float odd = x3[i] - 4 * x1[i];
            y1[i] = even + odd;
            y2[i] = even - odd;
        }
        float[] y3 = y[first + 3 * step];
        float[] y4 = y[first + 4 * step];
        for (int i = 0; i < length; i++) {
            float even = x4[i] - x2[i];
            float odd = 2 * (x3[i] - x1[i]);
            y3[i] = even + odd;
            y4[i] = even - odd;
        }
    }

    private static void patchEnd(float[] x0, float[] x2, float[] x4, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            y[i] = 4 * x0[i] - 5 * x2[i] + x4[i];
        }
    }

    private static void resultLine(float[][] x, float[][] y, int first, int step, int length) {
        float[] x0 = x[first];
        float[] x1 = x[first + step];
        float[] x2 = x[first + 2 * step];
        float[] x3 = x[first + 3 * step];
        float[] x4 = x[first + 4 * step];
        float[] x5 = x[first + 5 * step];
        float[] y0 = y[first];
        float[] y2 = y[first + 2 * step];
        for (int i = 0; i < length; i++) {
            float inner = x1[i] + x2[i];
            float outer = x3[i] + x4[i];
            y0[i] = x0[i] + inner + outer;
            y2[i] = inner + 4 * outer;
        }
        float[] y1 = y[first + step];
        float[] y3 = y[first + 3 * step];
        for (int i = 0; i < length; i++) {
            float inner = x1[i] - x2[i];
            float outer = 2 * (x3[i] - x4[i]);
            y1[i] = inner + outer;
            y3[i] = inner + 4 * outer + x5[i];
        }
    }

    private static void resultGradientLine(float[][] x, float[][] y, int first, int step, int length) {
        float[] x0 = x[first];
        float[] x1 = x[first + step];
        float[] x2 = x[first + 2 * step];
        float[] x3 = x[first + 3 * step];
        System.arraycopy(x0, 0, y[first], 0, length);
        System.arraycopy(x3, 0, y[first + 5 * step], 0, length);
        float[] y1 = y[first + step];
        float[] y2 = y[first + 2 * step];
        for (int i = 0; i < length; i++) {
            float even = x0[i] + x2[i];
            float odd = x1[i] + x3[i];
            y1[i] = even + odd;
            y2[i] = even - odd;
        }
        float[] y3 = y[first + 3 * step];
        float[] y4 = y[first + 4 * step];
        for (int i = 0; i < length; i++) {
            float even = x0[i] + 4 * x2[i];
            float odd = 2 * x1[i] + 8 * x3[i];
            y3[i] = even + odd;
            y4[i] = even - odd;
        }
    }

    private static void weightLine(float[][] x, float[][] y, int first, int step, int length) {
        float[] x0 = x[first];
        float[] x1 = x[first + step];
        float[] x2 = x[first + 2 * step];
        System.arraycopy(x2, 0, y[first + 5 * step], 0, length);
        float[] y0 = y[first];
        float[] y1 = y[first + step];
        float[] y2 = y[first + 2 * step];
        for (int i = 0; i < length; i++) {
            float even = (x0[i] + x2[i]) * (-1f / 6);
            float odd = x1[i] * (1f / 6);
            y0[i] = x0[i] * (1f / 4);
            y1[i] = even - odd;
            y2[i] = even + odd;
        }
        float[] y3 = y[first + 3 * step];
        float[] y4 = y[first + 4 * step];
        for (int i = 0; i < length; i++) {
            float even = x0[i] * (1f / 24) + x2[i] * (1f / 6);
            float odd = x1[i] * (1f / 12);
            y3[i] = even + odd;
            y4[i] = even - odd;
        }
    }

    private static void weightGradientLine(float[][] x, float[][] y, int first, int step, int length) {
        float[] x0 = x[first];
        float[] x1 = x[first + step];
        float[] x2 = x[first + 2 * step];
        float[] x3 = x[first + 3 * step];
        float[] x4 = x[first + 4 * step];
        float[] x5 = x[first + 5 * step];
        float[] y0 = y[first];
        float[] y2 = y[first + 2 * step];
        for (int i = 0; i < length; i++) {
            float inner = (x1[i] + x2[i]) * (1f / 6);
            float outer = x3[i] + x4[i];
            y0[i] = x0[i] * (1f / 4) - inner + outer * (1f / 24);
            y2[i] = outer * (1f / 6) - inner + x5[i];
        }
        float[] y1 = y[first + step];
        for (int i = 0; i < length; i++) {
            y1[i] = (x2[i] - x1[i]) * (1f / 6) + (x3[i] - x4[i]) * (1f / 12);
        }
    }
}
