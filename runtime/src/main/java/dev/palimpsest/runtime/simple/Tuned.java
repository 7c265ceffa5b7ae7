package dev.palimpsest.runtime.simple;

import java.util.Arrays;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A denoiser with the strength, out of a few, that brings images nearest to the clean ones: an oracle's choice, in favour of the denoiser.
 *
 * @param strength the one with the least squared error
 */
record Tuned(Denoiser denoiser, double strength) {
    /**
     * Tries strengths until they get worse.
     *
     * @param y images [n, channels, height, width]
     * @param clean in the shape of y
     * @param strengths from the weakest on
     */
    static Tuned on(INDArray y, INDArray clean, double[] strengths, DoubleFunction<Denoiser> denoiser) {
        float[] x = clean.dup('c').data().asFloat();
        double best = strengths[0];
        double least = Double.POSITIVE_INFINITY;
        for (double strength : strengths) {
            float[] estimate = denoised(y, denoiser.apply(strength));
            double error = 0;
            for (int i = 0; i < x.length; i++) {
                error += ((double) estimate[i] - x[i]) * ((double) estimate[i] - x[i]);
            }
            if (error >= least) {
                break;
            }
            least = error;
            best = strength;
        }
        return new Tuned(denoiser.apply(best), best);
    }

    INDArray denoised(INDArray y) {
        return Nd4j.createFromArray(denoised(y, denoiser)).reshape('c', y.shape());
    }

    /** Image by image on all processors, none of which sums over two of them. */
    private static float[] denoised(INDArray y, Denoiser denoiser) {
        float[] values = y.dup('c').data().asFloat();
        int n = (int) y.size(0);
        int d = values.length / n;
        float[] denoised = new float[values.length];
        IntStream.range(0, n).parallel().forEach(item -> {
            double[] image = new double[d];
            Arrays.setAll(image, i -> values[item * d + i]);
            double[] u = denoiser.denoised(image, (int) y.size(1), (int) y.size(2), (int) y.size(3));
            for (int i = 0; i < d; i++) {
                denoised[item * d + i] = (float) u[i];
            }
        });
        return denoised;
    }
}
