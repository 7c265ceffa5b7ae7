package dev.palimpsest.runtime.probe;

/** Makes a {@link Band} of F's answers. */
final class Bands {
    /** How many standard errors a negative value must lie below 0. */
    private static final double ERRORS = 5;

    /** A mean that grows by less than this part a round does not grow within any training. */
    private static final double SMALLEST_GROWTH = 1e-3;

    /** A band of which more than this share is hidden does not reach y: what answers there is rounding. */
    private static final double HIDDEN = 0.999;

    /** A noise variance below this part of the signal's is the rounding of float32. */
    private static final double ROUNDING = 1e-12;

    private Bands() {}

    static Band of(
            Modes.Group group,
            Response response,
            boolean told,
            double lost,
            Spectrum.Law law,
            boolean clean,
            double[] noises,
            double[] hidden) {
        int[] modes = group.modes();
        double seen = 1 - lost;
        double energy = reach(group, response, told, hidden) / (seen > 0 ? seen : 1);
        double[][] squares = squares(response, told, energy);

        double noise = 0;
        double hiddenShare = 0;
        for (int mode : modes) {
            noise += noises[mode] / modes.length;
            hiddenShare += hidden[mode] / modes.length;
        }
        double gain = 0;
        double carried = 0;
        double signal = 0;
        double rate = 0;
        double pull = 0;
        double growth = 1;
        double shift = 0;
        for (int k = 0; k < modes.length; k++) {
            double[] h2 = squares[k];
            double meanSquare = mean(h2);
            double variance = law.variance()[modes[k]];
            double p = clean ? variance : meanSquare > 0 ? Math.max(0, variance - noise) / meanSquare : 0;
            double n = Math.max(noise, ROUNDING * p);
            double[] pulls = new double[h2.length];
            double left = 0;
            for (int i = 0; i < h2.length; i++) {
                double h = gainOf(response, i, k);
                left += n + h2[i] * p > 0 ? n / (h2[i] * p + n) / h2.length : 1.0 / h2.length;
                pulls[i] = h2[i] * p + n > 0 ? Math.copySign(Math.sqrt(h2[i] * p / (h2[i] * p + n)), h) : 0;
            }
            double mean = energy > 0 ? meanGain(response, k) / (seen > 0 ? seen : 1) : 0;
            double ownPull = told
                    ? mean(pulls)
                    : Math.copySign(Math.sqrt(h2[0] * p / Math.max(h2[0] * p + n, Double.MIN_NORMAL)), mean);
            double error = told ? standardError(pulls) : Math.abs(ownPull) * relativeError(response, k);
            gain += mean / modes.length;
            carried += meanSquare * p;
            signal += p / modes.length;
            rate += (lost + seen * left) * p;
            pull += seen * ownPull * p;
            if (seen * ownPull < -Math.max(SMALLEST_GROWTH, ERRORS * error)) {
                growth = Math.max(growth, 1 - seen * ownPull);
                shift = Math.max(shift, shift(law, modes[k], clean, mean, p));
            }
        }
        double power = signal * modes.length;
        double all = noise * modes.length;
        boolean silentNoise = noise <= ROUNDING * Math.max(carried / modes.length, signal);
        return new Band(
                group.frequencies(),
                group.frequency(),
                group.direction(),
                modes.length,
                gain,
                energy,
                signal,
                silentNoise ? 0 : noise,
                carried <= 0 ? 0 : silentNoise ? Double.POSITIVE_INFINITY : carried / all,
                power > 0 ? rate / power : 1,
                power > 0 ? pull / power : 0,
                growth,
                shift,
                hiddenShare);
    }

    private static double reach(Modes.Group group, Response response, boolean told, double[] hidden) {
        double share = 0;
        for (int mode : group.modes()) {
            share += hidden[mode] / group.modes().length;
        }
        return share > HIDDEN ? 0 : Math.max(0, told ? response.energy() : response.coherent());
    }

    /** The mean coefficient in units of the standard deviation, unless chance explains it. */
    private static double shift(Spectrum.Law law, int mode, boolean clean, double gain, double p) {
        double mean = law.mean()[mode];
        double byChance = ERRORS * Math.sqrt(law.variance()[mode] / law.items());
        if (p <= 0 || Math.abs(mean) <= byChance) {
            return 0;
        }
        return Math.abs(clean || gain == 0 ? mean : mean / gain) / Math.sqrt(p);
    }

    /**
     * h^2 of each mode [mode][draw and item], scaled so that together they are the band's energy: what a mode gives to its neighbours counts as its own.
     */
    private static double[][] squares(Response response, boolean told, double energy) {
        int modes = response.gains()[0][0].length;
        int items = response.gains()[0].length;
        int draws = response.gains().length;
        double[][] squares = new double[modes][told ? draws * items : 1];
        double sum = 0;
        for (int k = 0; k < modes; k++) {
            for (int i = 0; i < squares[k].length; i++) {
                double h = told ? gainOf(response, i, k) : meanGain(response, k);
                squares[k][i] = h * h;
                sum += h * h / squares[k].length / modes;
            }
        }
        for (double[] each : squares) {
            for (int i = 0; i < each.length; i++) {
                each[i] *= sum > 0 ? energy / sum : 0;
            }
        }
        return squares;
    }

    private static double gainOf(Response response, int i, int k) {
        int items = response.gains()[0].length;
        return response.gains()[i / items][i % items][k];
    }

    private static double meanGain(Response response, int k) {
        double sum = 0;
        for (double[][] draw : response.gains()) {
            for (double[] item : draw) {
                sum += item[k];
            }
        }
        return sum / response.gains().length / response.gains()[0].length;
    }

    /** The standard error of the mean gain, relative to it. */
    private static double relativeError(Response response, int k) {
        int items = response.gains()[0].length;
        double[] own = new double[response.gains().length * items];
        for (int i = 0; i < own.length; i++) {
            own[i] = gainOf(response, i, k);
        }
        double mean = mean(own);
        return mean == 0 ? Double.POSITIVE_INFINITY : Math.abs(standardError(own) / mean);
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
