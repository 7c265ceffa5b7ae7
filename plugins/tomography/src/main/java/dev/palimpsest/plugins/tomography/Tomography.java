package dev.palimpsest.plugins.tomography;

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
 * Parallel-beam tomography, seen as its filtered back-projection: with A_a the projection at the angle a, H the ramp filter and K angles,
 *
 * <pre>  p_k = A_(a_k) x / D + noise xi_k,   y = D pi/K sum_k A_(a_k)^T H p_k + filler zeta,   a_k = u + k pi/K</pre>
 *
 * with xi and zeta standard normal, D = max(H, W) and the offset u uniform on [0, pi/K), drawn for each item. All channels have the same angles.
 *
 * <p>A value of the sinogram p is the mean of x along a line of D pixels, so that it is in the units of x, and {@code noise} is, too. The map from x to the mean
 * of y is symmetric with no negative eigenvalue for every u; its mean over u has eigenvalues from .4, for the finest patterns, to 1, for smooth objects. What no
 * angle saw is 0 in the back-projection: the filler gives a transport something to make it of, without which only averages could be learned.
 *
 * <p>Items are images [N, c, H, W]; the conditioning [N, 2] is (cos 2K u, sin 2K u), which tells the angles apart and has no jump: with equal spacing u and
 * u + pi/K are one set of angles. Angles drawn one by one would leave wide gaps by chance, and would be K numbers to learn from.
 *
 * @param angles number K of projections of an item
 * @param noise standard deviation of the noise on a value of the sinogram
 * @param filler standard deviation of the white noise on a pixel of the back-projection
 */
@Doc(
        "Projections of each image along lines at random, equally spaced angles, filtered and back-projected; the angles are known.")
public record Tomography(
        @Doc("Number of projections of each image.") @Range(min = 1, max = 10_000)
        int angles,

        @Doc("Standard deviation of the noise on a value of the sinogram, which is the mean of x along a line.")
        @Range(min = 0)
        double noise,

        @Doc("Standard deviation of the white noise on the back-projection, of which what no angle saw is made.")
        @Range(min = 0)
        double filler)
        implements ForwardModel {
    public Tomography() {
        this(12, .05, .1);
    }

    public Tomography {
        Ranges.check(Tomography.class, angles, noise, filler);
    }

    /** Throws IllegalArgumentException if items of this shape are not images. */
    @Override
    public ForwardModel prepare(long[] itemShape) {
        if (itemShape.length != 3) {
            throw new IllegalArgumentException("tomography needs images [channels, height, width], got items of shape "
                    + Arrays.toString(itemShape) + "; for vectors there is random-projection");
        }
        return this;
    }

    /** Throws IllegalArgumentException if x is not images. */
    @Override
    public Observations apply(INDArray x, RandomGenerator rng) {
        prepare(Arrays.copyOfRange(x.shape(), 1, x.rank()));
        int items = (int) x.size(0);
        ParallelBeam beam = new ParallelBeam((int) x.size(2), (int) x.size(3));
        float[] clean = x.dup('c').data().asFloat();
        float[] y = new float[clean.length];
        float[] known = new float[2 * items];
        for (int item = 0; item < items; item++) {
            double offset = rng.nextDouble() * Math.PI / angles;
            known[2 * item] = (float) Math.cos(2 * angles * offset);
            known[2 * item + 1] = (float) Math.sin(2 * angles * offset);
            observe(beam, offset, clean, y, item * (clean.length / items), (item + 1) * (clean.length / items), rng);
        }
        return Observations.of(
                Nd4j.createFromArray(y).reshape('c', x.shape()),
                Nd4j.createFromArray(known).reshape('c', items, 2));
    }

    /** One item: its channels lie one behind the other. */
    private void observe(
            ParallelBeam beam, double offset, float[] x, float[] y, int from, int to, RandomGenerator rng) {
        int pixels = beam.pixels();
        for (int pixel = from; pixel < to; pixel++) {
            y[pixel] = (float) (filler * rng.nextGaussian());
        }
        for (int k = 0; k < angles; k++) {
            ParallelBeam.View view = beam.at(offset + k * Math.PI / angles);
            for (int channel = from; channel < to; channel += pixels) {
                float[] projection = view.project(x, channel);
                for (int bin = 0; bin < projection.length; bin++) {
                    projection[bin] += (float) (noise * beam.side() * rng.nextGaussian());
                }
                view.addBackProjection(beam.filter(projection), (float) (Math.PI / angles), y, channel);
            }
        }
    }
}
