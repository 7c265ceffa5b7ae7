package dev.palimpsest.plugins.motionblur;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * y = k_a * x + noise xi: every image is smeared along a line of the given length, at its own angle a, uniform on [0, pi), and standard normal noise xi is added.
 *
 * <p>The kernel is the line segment of that length through the origin under bilinear interpolation (see {@link LineKernel}); it needs no whole number of pixels, since
 * the segment is integrated and not sampled. Edges reflect (d c b a | a b c d | d c b a, as often as a small image needs). Items are images [N, c, H, W]; the conditioning [N, 2]
 * is (cos 2a, sin 2a), because a and a + pi are one kernel. Each item draws its angle and then its noise. Source: arXiv 2512.10857, whose setting for CIFAR-10
 * is the default.
 *
 * <p>The transfer of a line is about sinc(length f cos), which is negative where the line is between one and two periods long: there the mean of what is restored diverges by the
 * theory. With {@code backProject} y = K_a^T (K_a x + noise xi), K_a being the smearing with its edges: no gain is negative then, and where it is not 0 the ratio of signal to
 * noise stays what it is.
 *
 * @param length of the line in pixels
 * @param noise standard deviation of the noise
 * @param backProject whether y is given as its back-projection
 */
@Doc("Smears each image along a line at a random angle, with reflecting edges, and adds noise; the angle is known.")
public record MotionBlur(
        @Doc("Length of the line in pixels.") @Range(min = 1, max = 1000)
        double length,

        @Doc("Standard deviation of the noise.") @Range(min = 0)
        double noise,

        @Doc(
                "Whether y is given as its back-projection (smeared once more), so that no frequency comes back with its sign turned; else the mean of those diverges. Observations of one's own (y.npy) must then be back-projected, too.")
        boolean backProject)
        implements ForwardModel {
    /** y as the camera gives it. */
    public MotionBlur(double length, double noise) {
        this(length, noise, false);
    }

    public MotionBlur() {
        this(7, .001);
    }

    public MotionBlur {
        Ranges.check(MotionBlur.class, length, noise, backProject);
    }

    /** Throws IllegalArgumentException if items of this shape are not images. */
    @Override
    public ForwardModel prepare(long[] itemShape) {
        if (itemShape.length != 3) {
            throw new IllegalArgumentException("motion-blur needs images [channels, height, width], got items of shape "
                    + Arrays.toString(itemShape));
        }
        return this;
    }

    /** Throws IllegalArgumentException if x is not images. */
    @Override
    public Observations apply(INDArray x, RandomGenerator rng) {
        prepare(Arrays.copyOfRange(x.shape(), 1, x.rank()));
        int items = (int) x.size(0);
        int height = (int) x.size(2);
        int width = (int) x.size(3);
        float[] pixels = x.dup('c').data().asFloat();
        float[] conditioning = new float[2 * items];
        int itemSize = (int) x.size(1) * height * width;
        for (int item = 0; item < items; item++) {
            double angle = Math.PI * rng.nextDouble();
            conditioning[2 * item] = (float) Math.cos(2 * angle);
            conditioning[2 * item + 1] = (float) Math.sin(2 * angle);
            Smear smear = new Smear(height, width, LineKernel.radius(length), LineKernel.weights(length, angle));
            for (int plane = item * itemSize; plane < (item + 1) * itemSize; plane += height * width) {
                smear.replace(pixels, plane);
            }
            for (int i = item * itemSize; i < (item + 1) * itemSize; i++) {
                pixels[i] += (float) (noise * rng.nextGaussian());
            }
            for (int plane = item * itemSize; backProject && plane < (item + 1) * itemSize; plane += height * width) {
                smear.backProject(pixels, plane);
            }
        }
        return Observations.of(
                Nd4j.createFromArray(pixels).reshape('c', x.shape()),
                Nd4j.createFromArray(conditioning).reshape('c', items, 2));
    }
}
