package dev.palimpsest.plugins.motionblur;

import java.util.Arrays;

/**
 * A line segment through the origin, drawn on the pixel grid without aliasing.
 *
 * <p>k(i, j) = 1/L times the integral over s from -L/2 to L/2 of hat(s cos a - j) hat(-s sin a - i), with hat(u) = max(0, 1 - |u|), row i counted downward and
 * column j to the right: the angle a is counter-clockwise from the horizontal. That is what uniform motion over L pixels makes of a bilinearly interpolated image.
 * The sum is 1, k(-i, -j) = k(i, j), a + pi gives the same kernel, and the moments are those of the segment: sum of i j k = -L^2/12 sin a cos a.
 */
final class LineKernel {
    private LineKernel() {}

    /** What |i| and |j| cannot exceed. */
    static int radius(double length) {
        return (int) (length / 2) + 1;
    }

    /**
     * The weights, (2 radius + 1) rows of as many columns.
     *
     * <p>Between the places where the line crosses from one cell of pixel centres into the next, the integrand is quadratic and Simpson's rule is exact.
     */
    static double[] weights(double length, double angle) {
        double right = Math.cos(angle);
        double down = -Math.sin(angle);
        int radius = radius(length);
        int side = 2 * radius + 1;
        double[] k = new double[side * side];
        double[] ends = crossings(length / 2, Math.abs(right), Math.abs(down));
        for (int n = 1; n < ends.length; n++) {
            double middle = (ends[n - 1] + ends[n]) / 2;
            double share = (ends[n] - ends[n - 1]) / (6 * length);
            int row = (int) Math.floor(middle * down);
            int column = (int) Math.floor(middle * right);
            for (int corner = 0; corner < 4; corner++) {
                int i = row + corner / 2;
                int j = column + corner % 2;
                double weight = share
                        * (hats(ends[n - 1], right, down, i, j)
                                + 4 * hats(middle, right, down, i, j)
                                + hats(ends[n], right, down, i, j));
                int place = (radius + i) * side + radius + j;
                k[place] += weight;
                k[k.length - 1 - place] += weight;
            }
        }
        return k;
    }

    private static double hats(double s, double right, double down, int i, int j) {
        return (1 - Math.abs(s * right - j)) * (1 - Math.abs(s * down - i));
    }

    /** 0, half, and in order all s between them where s times either slope is an integer. */
    private static double[] crossings(double half, double right, double down) {
        int columns = (int) Math.floor(half * right);
        int rows = (int) Math.floor(half * down);
        double[] ends = new double[columns + rows + 2];
        for (int j = 1; j <= columns; j++) {
            ends[j] = j / right;
        }
        for (int i = 1; i <= rows; i++) {
            ends[columns + i] = i / down;
        }
        ends[columns + rows + 1] = half;
        Arrays.sort(ends);
        return ends;
    }
}
