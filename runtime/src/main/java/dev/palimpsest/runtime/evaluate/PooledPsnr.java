package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.api.Doc;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The peak signal-to-noise ratio 10 log10(2^2 / mse) in decibels against the clean items, with the mean squared error over all items and their values, and
 * peak 2 because data lie in [-1, 1].
 *
 * <p>{@link Psnr} is the mean of each item's own, and never below it. The mean squared error is taken to be at least (2 * 2^-24)^2, the rounding of float32.
 */
@Doc("peak signal-to-noise ratio in dB of the mean squared error over all items against the clean ones, peak 2")
public record PooledPsnr() implements Pairwise {
    @Override
    public String name() {
        return "pooled-psnr";
    }

    @Override
    public double value(INDArray restored, INDArray clean) {
        Rows x = Rows.of(restored);
        Rows reference = Rows.of(clean);
        double sum = 0;
        for (int i = 0; i < x.count(); i++) {
            sum += Psnr.meanSquare(x.row(i), reference.row(i));
        }
        return Psnr.decibels(sum / x.count());
    }
}
