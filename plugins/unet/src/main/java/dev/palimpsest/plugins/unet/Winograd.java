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
 * <p>The functions here transform many tiles at once, in place: {@code planes[6 i + j][k]} is element (i, j) of the k-th tile, patch or weight. The 36
 * planes after the first 36 are working memory.
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
    static void patches(float[][] planes, int length) {
        transform(Winograd::patchLine, PATCH, PATCH, planes, length);
    }

    /** planes = A^T planes A. */
    static void results(float[][] planes, int length) {
        transform(Winograd::resultLine, PATCH, TILE, planes, length);
    }

    /** planes = A planes A^T: the transpose of {@link #results}. */
    static void resultGradients(float[][] planes, int length) {
        transform(Winograd::resultGradientLine, TILE, PATCH, planes, length);
    }

    /** planes = G planes G^T. */
    static void weights(float[][] planes, int length) {
        transform(Winograd::weightLine, TAPS, PATCH, planes, length);
    }

    /** planes = G^T planes G: the transpose of {@link #weights}. */
    static void weightGradients(float[][] planes, int length) {
        transform(Winograd::weightGradientLine, PATCH, TAPS, planes, length);
    }

    /** Maps one line of elements, {@code planes[from]}, {@code planes[from + step]} and so on, to another. */
    private interface Line {
        void apply(float[][] planes, int from, int to, int step, int length);
    }

    private static void transform(Line line, int ins, int outs, float[][] planes, int length) {
        for (int column = 0; column < ins; column++) {
            line.apply(planes, column, POINTS + column, PATCH, length);
        }
        for (int row = 0; row < outs; row++) {
            line.apply(planes, POINTS + PATCH * row, PATCH * row, 1, length);
        }
    }

    private static void patchLine(float[][] planes, int from, int to, int step, int length) {
        float[] x1 = planes[from + step];
        float[] x2 = planes[from + 2 * step];
        float[] x3 = planes[from + 3 * step];
        float[] x4 = planes[from + 4 * step];
        patchEnd(planes[from], x2, x4, planes[to], length);
        patchEnd(x1, x3, planes[from + 5 * step], planes[to + 5 * step], length);
        float[] y1 = planes[to + step];
        float[] y2 = planes[to + 2 * step];
        for (int i = 0; i < length; i++) {
            float even = x4[i] - 4 * x2[i];
            float odd = x3[i] - 4 * x1[i];
            y1[i] = even + odd;
            y2[i] = even - odd;
        }
        float[] y3 = planes[to + 3 * step];
        float[] y4 = planes[to + 4 * step];
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

    private static void resultLine(float[][] planes, int from, int to, int step, int length) {
        float[] x0 = planes[from];
        float[] x1 = planes[from + step];
        float[] x2 = planes[from + 2 * step];
        float[] x3 = planes[from + 3 * step];
        float[] x4 = planes[from + 4 * step];
        float[] x5 = planes[from + 5 * step];
        float[] y0 = planes[to];
        float[] y2 = planes[to + 2 * step];
        for (int i = 0; i < length; i++) {
            float inner = x1[i] + x2[i];
            float outer = x3[i] + x4[i];
            y0[i] = x0[i] + inner + outer;
            y2[i] = inner + 4 * outer;
        }
        float[] y1 = planes[to + step];
        float[] y3 = planes[to + 3 * step];
        for (int i = 0; i < length; i++) {
            float inner = x1[i] - x2[i];
            float outer = 2 * (x3[i] - x4[i]);
            y1[i] = inner + outer;
            y3[i] = inner + 4 * outer + x5[i];
        }
    }

    private static void resultGradientLine(float[][] planes, int from, int to, int step, int length) {
        float[] x0 = planes[from];
        float[] x1 = planes[from + step];
        float[] x2 = planes[from + 2 * step];
        float[] x3 = planes[from + 3 * step];
        System.arraycopy(x0, 0, planes[to], 0, length);
        System.arraycopy(x3, 0, planes[to + 5 * step], 0, length);
        float[] y1 = planes[to + step];
        float[] y2 = planes[to + 2 * step];
        for (int i = 0; i < length; i++) {
            float even = x0[i] + x2[i];
            float odd = x1[i] + x3[i];
            y1[i] = even + odd;
            y2[i] = even - odd;
        }
        float[] y3 = planes[to + 3 * step];
        float[] y4 = planes[to + 4 * step];
        for (int i = 0; i < length; i++) {
            float even = x0[i] + 4 * x2[i];
            float odd = 2 * x1[i] + 8 * x3[i];
            y3[i] = even + odd;
            y4[i] = even - odd;
        }
    }

    private static void weightLine(float[][] planes, int from, int to, int step, int length) {
        float[] x0 = planes[from];
        float[] x1 = planes[from + step];
        float[] x2 = planes[from + 2 * step];
        System.arraycopy(x2, 0, planes[to + 5 * step], 0, length);
        float[] y0 = planes[to];
        float[] y1 = planes[to + step];
        float[] y2 = planes[to + 2 * step];
        for (int i = 0; i < length; i++) {
            float even = (x0[i] + x2[i]) * (-1f / 6);
            float odd = x1[i] * (1f / 6);
            y0[i] = x0[i] * (1f / 4);
            y1[i] = even - odd;
            y2[i] = even + odd;
        }
        float[] y3 = planes[to + 3 * step];
        float[] y4 = planes[to + 4 * step];
        for (int i = 0; i < length; i++) {
            float even = x0[i] * (1f / 24) + x2[i] * (1f / 6);
            float odd = x1[i] * (1f / 12);
            y3[i] = even + odd;
            y4[i] = even - odd;
        }
    }

    private static void weightGradientLine(float[][] planes, int from, int to, int step, int length) {
        float[] x0 = planes[from];
        float[] x1 = planes[from + step];
        float[] x2 = planes[from + 2 * step];
        float[] x3 = planes[from + 3 * step];
        float[] x4 = planes[from + 4 * step];
        float[] x5 = planes[from + 5 * step];
        float[] y0 = planes[to];
        float[] y2 = planes[to + 2 * step];
        for (int i = 0; i < length; i++) {
            float inner = (x1[i] + x2[i]) * (1f / 6);
            float outer = x3[i] + x4[i];
            y0[i] = x0[i] * (1f / 4) - inner + outer * (1f / 24);
            y2[i] = outer * (1f / 6) - inner + x5[i];
        }
        float[] y1 = planes[to + step];
        for (int i = 0; i < length; i++) {
            y1[i] = (x2[i] - x1[i]) * (1f / 6) + (x3[i] - x4[i]) * (1f / 12);
        }
    }
}
