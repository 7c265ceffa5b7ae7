package dev.palimpsest.runtime.probe;

/** Makes a {@link Band} of F's answers. */
final class Bands {
    /** How many standard errors a negative value must lie below 0. */
    private static final double ERRORS = 5;

    /** A mean that grows by less than this part a round does not grow within any training. */
    private static final double SMALLEST_GROWTH = 1e-3;

    /** A mean that is off 0 by less than this part of the standard deviation counts as 0. */
    private static final double SMALLEST_SHIFT = 0.1;

    /** Modes that keep at least this part of what they answer are channels of their own. */
    static final double IN_PLACE = 0.9;

    /** J is symmetric if less than this part of it is odd; edges leave some. */
    private static final double ODD = 0.1;

    /** A band with fewer modes has too few pairs to tell whether J is symmetric there; then all modes together tell. */
    private static final int FEWEST_PAIRED = 8;

    /** A band of which more than this share is hidden does not reach y: what answers there is rounding. */
    private static final double HIDDEN = 0.999;

    /** A noise variance below this part of the signal's is the rounding of float32. */
    private static final double ROUNDING = 1e-12;

    private final boolean told;
    private final double lost;
    private final Law law;
    private final double[] noises;
    private final double[] hidden;
    private final double asymmetry;

    /**
     * What holds for all bands.
     *
     * @param lost the share of y's coordinates that are fillers
     * @param noises of each mode
     * @param hidden the share of each mode that does not reach y
     * @param asymmetry of J as a whole
     */
    Bands(boolean told, double lost, Law law, double[] noises, double[] hidden, double asymmetry) {
        this.told = told;
        this.lost = lost;
        this.law = law;
        this.noises = noises;
        this.hidden = hidden;
        this.asymmetry = asymmetry;
    }

    Band of(Modes.Group group, Response response) {
        int[] modes = group.modes();
        double seen = lost < 1 ? 1 - lost : 1;
        double noise = mean(noises, modes);
        double share = mean(hidden, modes);
        double energy = share > HIDDEN ? 0 : Math.max(0, told ? response.energy() : response.coherent()) / seen;
        double inPlace = energy > 0 ? response.inPlace() / seen / energy : 0;
        double odd = modes.length < FEWEST_PAIRED ? asymmetry : response.asymmetry();
        boolean apart = lost == 0 && inPlace >= IN_PLACE;
        double unscaled = 0;
        for (int k = 0; k < modes.length; k++) {
            unscaled += squared(response.gains(k)) / modes.length;
        }
        double scale = energy / Math.max(unscaled, Double.MIN_NORMAL);

        double gain = 0;
        double carried = 0;
        double signal = 0;
        double rate = 0;
        double growth = 1;
        double divergence = 1;
        for (int k = 0; k < modes.length; k++) {
            double[] own = response.gains(k);
            double mean = energy > 0 ? mean(own) / seen : 0;
            double h2 = scale * squared(own);
            double p = law.power(modes[k], h2, noise);
            double n = Math.max(noise, ROUNDING * p);
            double left = 0;
            double[] pulls = new double[own.length];
            for (int i = 0; i < own.length; i++) {
                double each = told && apart ? scale * square(own[i]) : h2;
                left += (each * p + n > 0 ? n / (each * p + n) : 1) / own.length;
                double h = told ? own[i] : mean;
                pulls[i] = h * h * p + n > 0 ? h * Math.sqrt(p / (h * h * p + n)) : 0;
            }
            gain += mean / modes.length;
            carried += h2 * p;
            signal += p / modes.length;
            rate += (lost + (1 - lost) * left) * p;
            double pull = energy > 0 ? (1 - lost) * mean(byItem(pulls, response)) : 0;
            double error = told
                    ? standardError(byItem(pulls, response))
                    : Math.abs(pull) * standardError(byItem(own, response)) / Math.abs(mean * seen);
            if (odd < ODD && pull < -Math.max(SMALLEST_GROWTH, ERRORS * error)) {
                growth = Math.max(growth, 1 - pull);
                if (law.shift(modes[k], mean, p, ERRORS) > SMALLEST_SHIFT) {
                    divergence = Math.max(divergence, 1 - pull);
                }
            }
        }
        double power = signal * modes.length;
        boolean silent = noise <= ROUNDING * Math.max(carried / modes.length, signal);
        return new Band(
                group.frequencies(),
                group.frequency(),
                group.direction(),
                modes.length,
                gain,
                energy,
                inPlace,
                odd < ODD,
                signal,
                silent ? 0 : noise,
                carried <= 0 ? 0 : silent ? Double.POSITIVE_INFINITY : carried / (noise * modes.length),
                power > 0 ? rate / power : power == 0 ? 1 : Double.NaN,
                growth,
                divergence,
                share);
    }

    /** Means over the draws: two draws at one item, with one pattern of signs, need not be independent. */
    private static double[] byItem(double[] values, Response response) {
        int items = response.gains()[0].length;
        double[] means = new double[items];
        for (int i = 0; i < values.length; i++) {
            means[i % items] += values[i] * items / values.length;
        }
        return means;
    }

    /** h^2 of a mode: its mean, or where nothing is told of the draws the square of the mean gain. */
    private double squared(double[] own) {
        return told ? meanSquare(own) : square(mean(own));
    }

    private static double meanSquare(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value / values.length;
        }
        return sum;
    }

    private static double square(double value) {
        return value * value;
    }

    private static double mean(double[] values, int[] places) {
        double sum = 0;
        for (int place : places) {
            sum += values[place] / places.length;
        }
        return sum;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value / values.length;
        }
        return sum;
    }

    private static double standardError(double[] values) {
        double mean = mean(values);
        double sum = 0;
        for (double value : values) {
            sum += (value - mean) * (value - mean);
        }
        return values.length < 2 ? 0 : Math.sqrt(sum / (values.length - 1.0) / values.length);
    }
}
