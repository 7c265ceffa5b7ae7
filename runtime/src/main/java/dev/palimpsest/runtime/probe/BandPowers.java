package dev.palimpsest.runtime.probe;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.runtime.data.RandomStreams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The powers of each band of frequencies after training, and what in them is left of the distribution that training began with: by {@link ScalarRounds} in
 * each mode, with h and R from calls of F, and P from y.
 *
 * <pre>
 * initial = min(1, sum of rho^k v_k / sum of restored)
 * excess = min(mean of max(0, v_k - P), max(0, restored - P))
 * left = sum of excess / sum of noise, over all modes
 * </pre>
 *
 * Where F is not affine, where the drift is told of what F draws (masks, angles), and where a band comes back in others, the theory does not hold, and nothing
 * is said of what is left. No clean items are used.
 *
 * @param bands from the lowest frequency to the highest, for each direction across the channels
 */
public record BandPowers(List<BandPower> bands) {
    /** What y shows of the clean items must be so many standard errors above 0. */
    private static final double ERRORS = 4;

    /** The noise of real observations is seldom known better than to this part. */
    private static final double KNOWN = 0.05;

    /** Answers of less than this part are the rounding of float32. */
    private static final double ROUNDING = 1e-12;

    /** A power law goes through so many bands. */
    private static final int LAST = 3;

    public BandPowers {
        bands = List.copyOf(bands);
    }

    /**
     * Calls F some 60 times at restored items.
     *
     * @param y held-out observations [n, channels, height, width]
     * @param restored Phi(y)
     * @param mean the posterior mean
     * @param meanRounds how many rounds of training had the posterior mean for their transport map, from the identity on; empty if training began from a Wiener
     *     filter, which has the clean items' powers
     * @param rounds how often the transport map could be renewed after that, at most; empty where it is not known
     */
    public static BandPowers of(
            ForwardModel forward,
            INDArray y,
            INDArray restored,
            Optional<INDArray> mean,
            OptionalInt meanRounds,
            OptionalDouble rounds,
            RandomStreams streams) {
        int items = (int) Math.min(y.size(0), Channels.items((int) (y.length() / y.size(0))));
        INDArray x = first(restored, items);
        Channels channels = Channels.of(forward, x, streams);
        Modes modes = channels.modes();
        boolean scalar = channels.affine() && !channels.answers().told();
        double[] noise = channels.answers().noise(modes, channels.lost() > 0);
        double[] observed = Law.of(modes, first(y, items), false).variance();
        double[] carried = Law.of(modes, x, false).variance();
        Optional<double[]> expected =
                mean.map(e -> Law.of(modes, first(e, items), false).variance());

        List<BandPower> bands = new ArrayList<>();
        List<PowerLaw.Point> spectrum = new ArrayList<>();
        for (int g = 0; g < channels.groups().size(); g++) {
            Modes.Group group = channels.groups().get(g);
            Response response = channels.responses().get(g);
            if (g > 0 && !group.direction().equals(channels.groups().get(g - 1).direction())) {
                spectrum.clear();
            }
            double[] h2 = squaredGains(response);
            double r = mean(noise, group);
            double w = mean(observed, group);
            double error = ERRORS * Math.sqrt(4.0 / items / h2.length);
            double p = clean(w, r, mean(h2), error, spectrum, frequency(modes, group));
            bands.add(band(
                    group,
                    new Powers(w, r, p, mean(carried, group)),
                    expected.stream().mapToDouble(e -> mean(e, group)).findFirst(),
                    scalar && response.scalar() ? rounds : OptionalDouble.empty(),
                    meanRounds,
                    h2));
        }
        return new BandPowers(bands);
    }

    /** The share of F's noise power that is left in what is restored; empty where it is known of no band, or there is no noise. */
    public OptionalDouble left() {
        double noise = 0;
        double excess = 0;
        boolean known = false;
        for (BandPower band : bands) {
            noise += band.modes() * band.noise();
            excess += band.modes() * band.excess();
            known |= band.initial().isPresent();
        }
        return known && noise > 0 ? OptionalDouble.of(excess / noise) : OptionalDouble.empty();
    }

    /** Means over a band: of y, of the noise, of the clean items, of Phi(y). */
    private record Powers(double observed, double noise, double clean, double restored) {}

    private static BandPower band(
            Modes.Group group,
            Powers powers,
            OptionalDouble mean,
            OptionalDouble rounds,
            OptionalInt meanRounds,
            double[] h2) {
        double initial = 0;
        double excess = 0;
        double k = rounds.orElse(0);
        for (double square : h2) {
            ScalarRounds channel = new ScalarRounds(Math.sqrt(square), powers.noise, powers.clean);
            double start = meanRounds.isPresent() ? channel.start(meanRounds.getAsInt()) : powers.clean;
            double v = channel.variance(start, k);
            initial += channel.weight(k) * v / h2.length;
            excess += Math.max(0, v - powers.clean) / h2.length;
        }
        return new BandPower(
                group.name(),
                h2.length,
                powers.observed,
                powers.noise,
                powers.clean,
                powers.restored,
                mean,
                rounds.isPresent()
                        ? OptionalDouble.of(powers.restored > 0 ? Math.min(1, initial / powers.restored) : 0)
                        : OptionalDouble.empty(),
                rounds.isPresent() ? Math.min(excess, Math.max(0, powers.restored - powers.clean)) : 0);
    }

    /**
     * P, from y if it shows more than noise, else by the power law through the last three bands below, or two.
     *
     * @param error of y's power and of the noise's, which is taken on as many items, relative to the noise
     */
    private static double clean(
            double observed, double noise, double h2, double error, List<PowerLaw.Point> spectrum, double frequency) {
        double signal = observed - noise;
        if (h2 > ROUNDING && signal > Math.max(error, KNOWN) * noise && signal > 0) {
            if (frequency > 0) {
                spectrum.add(PowerLaw.Point.of(frequency, signal / h2));
            }
            return signal / h2;
        }
        int known = spectrum.size();
        return frequency > 0
                ? PowerLaw.through(spectrum.subList(Math.max(0, known - LAST), known))
                        .at(frequency)
                : 0;
    }

    /** h^2 of each mode: the square of its mean gain, scaled so that the band has all that it answers, in these modes or in others. */
    private static double[] squaredGains(Response response) {
        double[] squares = new double[response.gains()[0][0].length];
        Arrays.setAll(
                squares,
                k -> Math.pow(Arrays.stream(response.gains(k)).average().orElseThrow(), 2));
        double scale = Math.max(0, response.coherent()) / Math.max(mean(squares), Double.MIN_NORMAL);
        Arrays.setAll(squares, k -> scale * squares[k]);
        return squares;
    }

    /** The geometric mean of those of the band; 0 for the mean of an image. */
    private static double frequency(Modes modes, Modes.Group group) {
        return Math.exp(Arrays.stream(group.modes())
                .mapToDouble(mode -> Math.log(modes.frequency(mode)))
                .average()
                .orElseThrow());
    }

    private static double mean(double[] values, Modes.Group group) {
        return Arrays.stream(group.modes())
                .mapToDouble(mode -> values[mode])
                .average()
                .orElseThrow();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static INDArray first(INDArray items, int most) {
        return items.get(NDArrayIndex.interval(0, most));
    }
}
