package dev.palimpsest.runtime.probe;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The Wiener filter of images: the best affine estimate of a stationary field, from calls of F and from observations, with no clean items. In each cosine mode
 * y = b + h x + noise, and
 *
 * <pre>
 * x^ = m + h P / (h^2 P + R) (y - b - h m),   P = max(0, w - R) / h^2
 * </pre>
 *
 * with the noise's variance R, the variance w of y over the items, and the mean m of x. P and w are means over the modes of one frequency, R is one over
 * a band; P is 0 where w is no larger than R but for chance, and m and b where chance explains them.
 */
public final class Wiener {
    /** F is called at so many of the items. */
    private static final int CALLED = 32;

    /** What must be told from 0 must be so many standard errors away from it. */
    private static final double ERRORS = 4;

    /** The noise of real observations is seldom known better than to this part. */
    private static final double KNOWN = 0.05;

    /** A noise variance below this part of y's is the rounding of float32. */
    private static final double ROUNDING = 1e-12;

    private final Modes modes;
    private final double[] mean;
    private final double[] answer;
    private final double[] gain;

    private Wiener(Modes modes, double[] mean, double[] answer, double[] gain) {
        this.modes = modes;
        this.mean = mean;
        this.answer = answer;
        this.gain = gain;
    }

    /**
     * Calls F some 60 times at observations.
     *
     * @param y [n, channels, height, width]
     * @return empty where F is not affine, mixes frequencies, or tells what it draws (masks, angles), and for fewer than two images
     */
    public static Optional<Wiener> of(ForwardModel forward, INDArray y, RandomStreams streams) {
        if (y.size(0) < 2) {
            return Optional.empty();
        }
        INDArray called = y.get(NDArrayIndex.interval(0, Math.min(CALLED, y.size(0))));
        Channels channels = Channels.of(forward, called, streams);
        return channels.affine()
                        && !channels.answers().told()
                        && channels.responses().stream().allMatch(Response::scalar)
                ? Optional.of(of(channels, called, y))
                : Optional.empty();
    }

    private static Wiener of(Channels channels, INDArray called, INDArray y) {
        Modes modes = channels.modes();
        Answers answers = channels.answers();
        Law observed = Law.of(modes, y, false);
        Law base = Law.of(modes, called, false);
        double[] h = gains(channels);
        double[] h2 = modes.overRings(Arrays.stream(h).map(each -> each * each).toArray());
        double[] w = modes.overRings(observed.variance());
        double[] noise = noise(channels, ROUNDING * Arrays.stream(w).average().orElseThrow());
        double[] answered = answers.mean(modes);
        int[] sizes = modes.ringSizes();

        double[] mean = new double[h.length];
        double[] answer = new double[h.length];
        double[] gain = new double[h.length];
        for (int k = 0; k < h.length; k++) {
            double error = Math.sqrt(2.0 / sizes[k] * (1.0 / observed.items() + 1.0 / base.items()));
            double signal = w[k] - noise[k] > Math.max(KNOWN, ERRORS * error) * noise[k] ? w[k] - noise[k] : 0;
            double offset = unlessChance(answered[k] - h[k] * base.mean()[k], noise[k] / Answers.DRAWS / base.items());
            double p = h2[k] > 0 ? signal / h2[k] : 0;
            mean[k] =
                    p > 0 && h[k] != 0 ? unlessChance(observed.mean()[k] - offset, w[k] / observed.items()) / h[k] : 0;
            answer[k] = offset + h[k] * mean[k];
            gain[k] = p > 0 ? h[k] * p / (h[k] * h[k] * p + noise[k]) : 0;
        }
        return new Wiener(modes, mean, answer, gain);
    }

    /** h of each mode, a mean over items and draws. */
    private static double[] gains(Channels channels) {
        double[] h = new double[channels.modes().size()];
        for (int g = 0; g < channels.groups().size(); g++) {
            int[] members = channels.groups().get(g).modes();
            for (int k = 0; k < members.length; k++) {
                h[members[k]] = Arrays.stream(channels.responses().get(g).gains(k))
                        .average()
                        .orElseThrow();
            }
        }
        return h;
    }

    /** R of each mode, a mean over its band. */
    private static double[] noise(Channels channels, double least) {
        double[] ofModes = channels.answers().noise(channels.modes(), false);
        double[] noise = new double[ofModes.length];
        for (Modes.Group group : channels.groups()) {
            double mean = Arrays.stream(group.modes())
                    .mapToDouble(mode -> ofModes[mode])
                    .average()
                    .orElseThrow();
            Arrays.stream(group.modes()).forEach(mode -> noise[mode] = mean + least);
        }
        return noise;
    }

    private static double unlessChance(double value, double variance) {
        return Math.abs(value) > ERRORS * Math.sqrt(variance) ? value : 0;
    }

    /** The estimates x^ of items of the same shape. */
    public INDArray estimate(INDArray y) {
        float[] values = y.dup('c').data().asFloat();
        float[] estimates = new float[values.length];
        for (int item = 0; item < y.size(0); item++) {
            double[] c = modes.coefficients(values, item);
            for (int k = 0; k < c.length; k++) {
                c[k] = mean[k] + gain[k] * (c[k] - answer[k]);
            }
            modes.add(c, estimates, item);
        }
        return Nd4j.createFromArray(estimates).reshape('c', y.shape());
    }
}
