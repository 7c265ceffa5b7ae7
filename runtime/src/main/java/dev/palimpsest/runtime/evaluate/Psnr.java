package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.api.Doc;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The peak signal-to-noise ratio 10 log10(2^2 / mse) in decibels against the clean items: the mean over items of each item's own, with
 * peak 2 because data lie in [-1, 1].
 *
 * <p>Where items differ in difficulty it is above {@link PooledPsnr}. An item's mean squared error is taken to be at least (2 * 2^-24)^2, the rounding of float32, so that equal items score 144.5 dB.
 */
@Doc("peak signal-to-noise ratio in dB against the clean items, peak 2, mean over items")
public record Psnr() implements Pairwise {
    private static final double PEAK = 2;
    private static final double LEAST_ERROR = PEAK * 0x1p-24;

    @Override
    public String name() {
        return "psnr";
    }

    @Override
    public double value(INDArray restored, INDArray clean) {
        return decibels(restored, clean);
    }

    /** The mean of all items' own. */
    static double decibels(INDArray restored, INDArray clean) {
        Rows x = Rows.of(restored);
        Rows reference = Rows.of(clean);
        double sum = 0;
        for (int i = 0; i < x.count(); i++) {
            sum += decibels(meanSquare(x.row(i), reference.row(i)));
        }
        return sum / x.count();
    }

    /** Of a mean squared error. */
    static double decibels(double meanSquare) {
        return 10 * Math.log10(PEAK * PEAK / Math.max(meanSquare, LEAST_ERROR * LEAST_ERROR));
    }

    static double meanSquare(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum / a.length;
    }
}
