package dev.palimpsest.runtime.transport;

/**
 * A forward model, and the clean items, in modes of cosines: of each mode of a channel, in channel-row-column order, it is a scalar channel y = h x + noise.
 *
 * @param gain h
 * @param noise R, a variance
 * @param clean P, the mean square of x
 */
public record Spectra(float[] gain, float[] noise, float[] clean) {
    public Spectra {
        if (gain.length != noise.length || gain.length != clean.length) {
            throw new IllegalArgumentException("expected as many gains, noises and powers, got " + gain.length + ", "
                    + noise.length + " and " + clean.length);
        }
    }
}
