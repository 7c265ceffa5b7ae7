package dev.palimpsest.runtime.probe;

/**
 * A corruption of one coordinate: with probability {@code lost} it is replaced by a filler that knows nothing of x, and the drift is told so; otherwise
 * y = gain x + noise.
 *
 * @param gain a
 * @param noise sigma, the noise's standard deviation
 * @param lost the probability that the coordinate is lost
 * @param filler the filler's standard deviation
 */
public record ScalarChannel(double gain, double noise, double lost, double filler) {
    /** y = gain x + noise. */
    public ScalarChannel(double gain, double noise) {
        this(gain, noise, 0, 1);
    }

    /** The variance of y, where x has variance v. */
    double variance(double v) {
        return (1 - lost) * (gain * gain * v + noise * noise) + lost * filler * filler;
    }
}
