package dev.palimpsest.runtime.transport;

import java.util.Arrays;

/**
 * Images in the orthonormal basis of cosines, the DCT-II over height and width, which are the frequencies of an image whose edges are mirrored:
 * C_n[k][i] = sqrt((k == 0 ? 1 : 2) / n) cos(pi k (i + 1/2) / n). By matrix products, so that sums do not depend on threads.
 */
public final class Cosines {
    private final int height;
    private final int width;
    private final Basis rows;
    private final Basis columns;

    /** The basis, and its transpose: inner loops run along memory. */
    private record Basis(float[][] byMode, float[][] byPixel) {
        static Basis of(int n) {
            Basis basis = new Basis(new float[n][n], new float[n][n]);
            for (int k = 0; k < n; k++) {
                for (int i = 0; i < n; i++) {
                    float c = (float) (Math.sqrt((k == 0 ? 1. : 2.) / n) * Math.cos(Math.PI * k * (i + .5) / n));
                    basis.byMode[k][i] = c;
                    basis.byPixel[i][k] = c;
                }
            }
            return basis;
        }
    }

    public Cosines(int height, int width) {
        this.height = height;
        this.width = width;
        rows = Basis.of(height);
        columns = height == width ? rows : Basis.of(width);
    }

    /** The coefficients of planes of height x width, one after the other, in place. */
    public void forward(float[] planes) {
        all(planes, false);
    }

    /** The planes of these coefficients, in place. */
    public void back(float[] planes) {
        all(planes, true);
    }

    /** Of a mode of any plane, in cycles a pixel. */
    public double frequency(int mode) {
        return Math.hypot(mode / width % height / (2. * height), mode % width / (2. * width));
    }

    private void all(float[] planes, boolean back) {
        float[] half = new float[height * width];
        for (int from = 0; from < planes.length; from += height * width) {
            across(planes, from, height, width, back ? columns.byMode : columns.byPixel, half, 0);
            across(half, 0, width, height, back ? rows.byMode : rows.byPixel, planes, from);
        }
    }

    /** Transforms each of m rows of n numbers, and transposes: doing so twice transforms both. */
    private static void across(float[] of, int from, int m, int n, float[][] basis, float[] to, int at) {
        float[] sum = new float[n];
        for (int row = 0; row < m; row++) {
            Arrays.fill(sum, 0);
            for (int i = 0; i < n; i++) {
                float value = of[from + row * n + i];
                float[] along = basis[i];
                for (int k = 0; k < n; k++) {
                    sum[k] += value * along[k];
                }
            }
            for (int k = 0; k < n; k++) {
                to[at + k * m + row] = sum[k];
            }
        }
    }
}
