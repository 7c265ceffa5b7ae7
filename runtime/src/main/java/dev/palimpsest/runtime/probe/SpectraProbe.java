package dev.palimpsest.runtime.probe;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Samples;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.transport.Cosines;
import dev.palimpsest.runtime.transport.Spectra;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What F does to each mode of cosines of images, and which powers the clean items have there, from observations and three calls of F:
 *
 * <pre>
 * R = mean (F(y) - F'(y))^2 / 2       two draws at one place
 * h = sum (F(y + d) - F(y)) d / sum d^2     one draw, d white noise of half the deviation of y
 * P = (w - R) / h^2                   w the mean square of y
 * </pre>
 *
 * Powers are averaged over neighbouring modes, the more the higher the frequency. Where y shows less than a tenth of the noise, P is the power law
 * P = c f^-a through those that show more (Field 1987), as the spectra of images are, and at least a 300th of the noise.
 */
public final class SpectraProbe {
    /** Whether F is affine is found at so many observations. */
    private static final int CALLED = 32;

    /** How many times as much as by chance alone the means of pixels may differ. */
    private static final double CHANCE = 4;

    private static final double SHIFT = .5;
    private static final double SHOWN = .1;

    /** P is at least this part of the noise: so a filter for a state near x lets pass what single items have more than the mean. */
    private static final double FLOOR = .003;

    private static final int MODES_A_NEIGHBOUR = 8;
    private static final double LEAST_POWER = 1e-7;

    private final int channels;
    private final int height;
    private final int width;
    private final Cosines cosines;

    private SpectraProbe(long[] itemShape) {
        channels = (int) itemShape[0];
        height = (int) itemShape[1];
        width = (int) itemShape[2];
        cosines = new Cosines(height, width);
    }

    /**
     * Whether spectra tell what there is to be known of F and of the observations: F is affine, and does to each mode of cosines what it does to its
     * neighbours; and the observations are stationary, as windows at random places of larger images are, and centred objects are not.
     *
     * @param y observations [n, channels, height, width]
     */
    public static boolean fits(ForwardModel forward, INDArray y, RandomStreams streams) {
        if (y.size(0) < CALLED || !stationary(y)) {
            return false;
        }
        Channels channels = Channels.of(forward, y.get(NDArrayIndex.interval(0, CALLED)), streams);
        return channels.affine() && channels.responses().stream().allMatch(Response::scalar);
    }

    /**
     * Whether the means of the pixels over all items differ no more than by chance: of a stationary field their variance over the pixels is at most that of one
     * pixel's mean, which is the variance of the values by the number of items.
     */
    private static boolean stationary(INDArray y) {
        int items = Math.toIntExact(y.size(0));
        int pixels = Math.toIntExact(y.length() / items);
        float[] values = y.dup('c').data().asFloat();
        double[] mean = new double[pixels];
        double sum = 0;
        double square = 0;
        for (int i = 0; i < values.length; i++) {
            mean[i % pixels] += (double) values[i] / items;
            sum += values[i];
            square += (double) values[i] * values[i];
        }
        double all = sum / values.length;
        double between = 0;
        for (double one : mean) {
            between += (one - all) * (one - all) / pixels;
        }
        return between < CHANCE * (square / values.length - all * all) / items;
    }

    /** @param y observations [n, channels, height, width] of whose corruption nothing is told */
    public static Spectra of(ForwardModel forward, INDArray y, RandomStreams streams) {
        SpectraProbe probe = new SpectraProbe(Arrays.copyOfRange(y.shape(), 1, y.rank()));
        INDArray one = forward.apply(y, streams.stream("spectra", 0)).y();
        INDArray other = forward.apply(y, streams.stream("spectra", 1)).y();
        INDArray shift = Samples.gaussian(streams.stream("spectra shift", 0), y.shape())
                .muli(SHIFT * y.stdNumber().doubleValue());
        INDArray moved =
                forward.apply(y.add(shift), streams.stream("spectra", 0)).y();
        double[] noise = probe.powers(one.sub(other).muli(Math.sqrt(.5)));
        double[] gain = probe.gains(moved.subi(one), shift);
        return probe.spectra(gain, noise, probe.powers(y));
    }

    private float[] modes(INDArray images) {
        float[] values = images.dup('c').data().asFloat();
        cosines.forward(values);
        return values;
    }

    /** The mean square of each mode over items. */
    private double[] powers(INDArray images) {
        float[] modes = modes(images);
        return products(modes, modes);
    }

    private double[] products(float[] a, float[] b) {
        int size = channels * height * width;
        double[] sums = new double[size];
        for (int i = 0; i < a.length; i++) {
            sums[i % size] += (double) a[i] * b[i] * size / a.length;
        }
        return sums;
    }

    private double[] gains(INDArray answer, INDArray shift) {
        float[] d = modes(shift);
        double[] together = smoothed(products(modes(answer), d));
        double[] alone = smoothed(products(d, d));
        double[] gains = new double[together.length];
        Arrays.setAll(gains, k -> together[k] / alone[k]);
        return gains;
    }

    private Spectra spectra(double[] gain, double[] noise, double[] observed) {
        double[] r = smoothed(noise);
        double[] w = smoothed(observed);
        double[] clean = new double[r.length];
        for (int channel = 0; channel < channels; channel++) {
            List<PowerLaw.Point> shown = new ArrayList<>();
            List<Integer> hidden = new ArrayList<>();
            for (int k = channel * height * width; k < (channel + 1) * height * width; k++) {
                double signal = w[k] - r[k];
                if (signal > SHOWN * r[k] && gain[k] * gain[k] > LEAST_POWER) {
                    clean[k] = signal / (gain[k] * gain[k]);
                    if (cosines.frequency(k) > 0) {
                        shown.add(PowerLaw.Point.of(cosines.frequency(k), clean[k]));
                    }
                } else {
                    hidden.add(k);
                }
            }
            PowerLaw law = law(shown);
            for (int k : hidden) {
                clean[k] = Math.max(law.at(Math.max(cosines.frequency(k), 1e-3)), FLOOR * r[k]);
            }
        }
        return new Spectra(floats(gain), floats(r), floats(clean));
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) Math.max(LEAST_POWER, values[i]);
        }
        return floats;
    }

    /** Means over squares of modes of one channel, whose half side grows with the frequency. */
    private double[] smoothed(double[] values) {
        double[] means = new double[values.length];
        for (int k = 0; k < values.length; k++) {
            int plane = k / (height * width) * height * width;
            int row = k % (height * width) / width;
            int column = k % width;
            int reach = Math.max(row, column) / MODES_A_NEIGHBOUR;
            double sum = 0;
            int count = 0;
            for (int i = Math.max(0, row - reach); i <= Math.min(height - 1, row + reach); i++) {
                for (int j = Math.max(0, column - reach); j <= Math.min(width - 1, column + reach); j++) {
                    sum += values[plane + i * width + j];
                    count++;
                }
            }
            means[k] = sum / count;
        }
        return means;
    }

    /** The line through those above a third of the highest frequency that is shown. */
    private static PowerLaw law(List<PowerLaw.Point> shown) {
        double highest =
                shown.stream().mapToDouble(PowerLaw.Point::frequency).max().orElse(0);
        return PowerLaw.through(shown.stream()
                .filter(point -> point.frequency() > highest - Math.log(3))
                .toList());
    }
}
