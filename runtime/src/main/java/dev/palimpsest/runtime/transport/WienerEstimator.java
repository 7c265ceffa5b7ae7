package dev.palimpsest.runtime.transport;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The best linear estimate of an image from a state, mode by mode of the cosines (DCT-II), where each mode is a scalar channel of gain h, noise variance R
 * and clean power P (Wiener, "Extrapolation, interpolation, and smoothing of stationary time series", 1949). With a = alpha + beta h, V = beta^2 R + gamma^2:
 *
 * <pre>
 * x_k ~ a P / (a^2 P + V) I_k,     with the variance P V / (a^2 P + V)
 * </pre>
 *
 * With a network that is 0 the drift is the exact one of a Gaussian with these powers.
 */
record WienerEstimator(Spectra spectra, Times times, Cosines cosines) implements Estimator {
    @Override
    public Estimate of(double[] t, INDArray state, Optional<INDArray> conditioning) {
        long[] shape = state.shape();
        int size = spectra.clean().length;
        float[] values = state.dup('c').data().asFloat();
        float[] x = new float[values.length];
        float[] shift = new float[values.length];
        float[] innovation = new float[values.length];
        float[] error = new float[t.length];
        Map<Double, Filter> filters = new ConcurrentHashMap<>();
        IntStream.range(0, t.length).parallel().forEach(item -> {
            Filter filter = filters.computeIfAbsent(t[item], Filter::new);
            error[item] = filter.error();
            float[] modes = Arrays.copyOfRange(values, item * size, (item + 1) * size);
            cosines.forward(modes);
            filter.put(modes, Filter.X, x, item * size);
            filter.put(modes, Filter.SHIFT, shift, item * size);
            for (int i = item * size; i < (item + 1) * size; i++) {
                innovation[i] = filter.unit * shift[i];
            }
        });
        return new Estimate(of(x, shape), of(shift, shape), of(innovation, shape), error);
    }

    private static INDArray of(float[] values, long[] shape) {
        return Nd4j.createFromArray(values).reshape('c', shape);
    }

    /** The factors of all modes at one time. */
    private final class Filter {
        private static final int X = 0;
        private static final int SHIFT = 1;

        private final float[][] factors;
        private final double variance;

        /** The inverse of the deviation of what is left out, which is the shift with the other sign. */
        private final float unit;

        Filter(double t) {
            int size = spectra.clean().length;
            factors = new float[2][size];
            double alpha = times.schedule().alpha(t);
            double beta = times.schedule().beta(t);
            double gamma = times.schedule().gamma(t);
            double left = 0;
            double leftOut = 0;
            for (int k = 0; k < size; k++) {
                double p = spectra.clean()[k];
                double a = alpha + beta * spectra.gain()[k];
                double v = beta * beta * spectra.noise()[k] + gamma * gamma;
                double w = a * a * p + v;
                double gain = w > 0 ? a * p / w : 1 / times.k(t);
                factors[X][k] = (float) gain;
                factors[SHIFT][k] = (float) (gain - 1 / times.k(t));
                left += w > 0 ? p * v / w / size : 0;
                leftOut += factors[SHIFT][k] * factors[SHIFT][k] * w / size;
            }
            unit = leftOut > 0 ? (float) (-1 / Math.sqrt(leftOut)) : 0;
            variance = left;
        }

        float error() {
            return (float) Math.sqrt(variance);
        }

        void put(float[] modes, int which, float[] to, int at) {
            float[] filtered = new float[modes.length];
            for (int k = 0; k < modes.length; k++) {
                filtered[k] = factors[which][k] * modes[k];
            }
            cosines.back(filtered);
            System.arraycopy(filtered, 0, to, at, filtered.length);
        }
    }
}
