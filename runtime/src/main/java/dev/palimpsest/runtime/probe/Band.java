package dev.palimpsest.runtime.probe;

/**
 * What F does to a group of modes (frequencies, directions across channels), each of which is taken as a scalar channel c_y = h c_x + noise.
 *
 * <pre>
 * SNR = sum of E[h^2] P / sum of N        P: variance of a mode's coefficient over clean items, N: that of the noise
 * rate = lost + (1 - lost) E[N / (h^2 P + N)]              what is left of the variance's error after a round
 * pull = (1 - lost) E[h sqrt(P) / sqrt(h^2 P + N)]         what a round takes off the mean's error; where it is negative the error grows
 * </pre>
 *
 * E is over the draws of F if their conditioning tells them apart; else h is the mean gain, and how it varies is noise. Where the modes do not come back in their own places, h^2 is
 * its mean, which makes the rate a lower bound.
 *
 * @param frequencies in cycles a pixel, in words; empty for vectors
 * @param frequency in cycles a pixel
 * @param direction across channels or coordinates, in words; empty where all are taken together
 * @param modes how many
 * @param gain the mean of h
 * @param transmission the mean of |J phi|^2 / |phi|^2: how much of the modes reaches y at all, in these modes or in others
 * @param inPlace the part of the transmission that comes back in the modes themselves
 * @param symmetric whether J is symmetric here: only then a negative h is a negative eigenvalue
 * @param signal the mean of P; not a number where it cannot be known
 * @param noise the mean of N
 * @param snr as above, infinite where there is no noise
 * @param rate as above, a mean over modes weighted by P
 * @param growth by which factor a round multiplies the mean's error where it grows most, beyond what chance alone would show; 1 if nowhere
 * @param divergence the same among the modes in which the clean items' mean is not 0
 * @param hidden the share of the band that does not reach y
 */
public record Band(
        String frequencies,
        double frequency,
        String direction,
        int modes,
        double gain,
        double transmission,
        double inPlace,
        boolean symmetric,
        double signal,
        double noise,
        double snr,
        double rate,
        double growth,
        double divergence,
        double hidden) {

    /** The band's name. */
    public String name() {
        return Modes.name(direction, frequencies);
    }

    /** How many rounds bring the error of the variance down to a part of what it is at the start. */
    public double rounds(double part) {
        if (rate >= 1 || hidden >= part) {
            return Double.POSITIVE_INFINITY;
        }
        return rate <= 0 ? 1 : Math.max(1, Math.ceil(Math.log(part) / Math.log(rate)));
    }

    /** As one channel: the gain of a typical draw, with the sign of the mean one. */
    public ScalarChannel channel() {
        double h = signal > 0 && Double.isFinite(snr) ? Math.sqrt(snr * noise / signal) : Math.sqrt(transmission);
        return new ScalarChannel(Math.copySign(h, gain), Math.sqrt(noise));
    }
}
