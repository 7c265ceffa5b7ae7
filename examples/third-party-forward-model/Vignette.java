import dev.palimpsest.api.Doc;
import dev.palimpsest.api.PixelForwardModel;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.random.RandomGenerator;

/** A lens that darkens the corners, each image by another amount, before a sensor that adds noise. */
@Doc("Darkens the corners of each image by a random amount, and adds noise.")
public record Vignette(
        @Doc("Largest share of the light that a corner loses.") @Range(min = 0, max = 1)
        double strength,

        @Doc("Standard deviation of the noise.") @Range(min = 0)
        double noise)
        implements PixelForwardModel {
    public Vignette() {
        this(.8, .05);
    }

    public Vignette {
        Ranges.check(Vignette.class, strength, noise);
    }

    @Override
    public float[] apply(float[] pixels, int channels, int height, int width, RandomGenerator rng) {
        double lost = strength * rng.nextDouble();
        for (int i = 0; i < pixels.length; i++) {
            double row = 2. * (i / width % height) / height - 1;
            double column = 2. * (i % width) / width - 1;
            double light = (pixels[i] + 1) * (1 - lost * (row * row + column * column) / 2);
            pixels[i] = (float) (light - 1 + noise * rng.nextGaussian());
        }
        return pixels;
    }
}
