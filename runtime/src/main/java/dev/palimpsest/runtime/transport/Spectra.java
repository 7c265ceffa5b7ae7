package dev.palimpsest.runtime.transport;

/**
 * A forward model, and the clean items, in modes of cosines: of each mode of a channel, in channel-row-column order, it is a scalar channel y = h x + noise.
 *
 * @param height of an image
 * @param width of an image
 * @param gain h
 * @param noise R, a variance
 * @param clean P, the mean square of x
 */
public record Spectra(int height, int width, float[] gain, float[] noise, float[] clean) {
    public Spectra {
        if (gain.length != noise.length || gain.length != clean.length) {
            throw new IllegalArgumentException("expected as many gains, noises and powers, got " + gain.length + ", "
                    + noise.length + " and " + clean.length);
        }
    }

    /** The same for images of another size, whose modes have the spectra of those of the nearest frequency. */
    Spectra at(int otherHeight, int otherWidth) {
        if (otherHeight == height && otherWidth == width) {
            return this;
        }
        int channels = gain.length / (height * width);
        int[] nearest = new int[channels * otherHeight * otherWidth];
        for (int k = 0; k < nearest.length; k++) {
            int channel = k / (otherHeight * otherWidth);
            int row = nearest(k / otherWidth % otherHeight, otherHeight, height);
            nearest[k] = (channel * height + row) * width + nearest(k % otherWidth, otherWidth, width);
        }
        return new Spectra(
                otherHeight, otherWidth, chosen(gain, nearest), chosen(noise, nearest), chosen(clean, nearest));
    }

    private static int nearest(int mode, int modes, int of) {
        return Math.min(of - 1, (int) Math.round((double) mode * of / modes));
    }

    private static float[] chosen(float[] values, int[] which) {
        float[] chosen = new float[which.length];
        for (int k = 0; k < which.length; k++) {
            chosen[k] = values[which[k]];
        }
        return chosen;
    }
}
