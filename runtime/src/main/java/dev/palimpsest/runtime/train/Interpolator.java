package dev.palimpsest.runtime.train;

import dev.palimpsest.api.InterpolantSchedule;
import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Makes the points I_t = alpha x + beta y + gamma z and their velocities I_t' = alpha' x + beta' y + gamma' z of every step, in the same memory. */
public final class Interpolator {
    private final InterpolantSchedule schedule;
    private final BatchArray times = new BatchArray();
    private final BatchArray points = new BatchArray();
    private final BatchArray velocities = new BatchArray();
    private float[] latent = {};

    public Interpolator(InterpolantSchedule schedule) {
        this.schedule = schedule;
    }

    /**
     * Interpolates between x (clean) and y (observed) [N, ...]. What is returned lasts until the next call.
     *
     * @param t the time of each item
     * @param rng draws z, standard normal and of the shape of x, if gamma or its derivative is not 0 at some time
     */
    public Interpolation at(double[] t, INDArray x, INDArray y, RandomGenerator rng) {
        float[] gamma = column(t, schedule::gamma);
        float[] gammaDot = column(t, schedule::gammaDot);
        draw(anyNotZero(gamma) || anyNotZero(gammaDot), Math.toIntExact(x.length()), rng);
        return new Interpolation(
                times(t),
                combined(points, column(t, schedule::alpha), x, column(t, schedule::beta), y, gamma),
                combined(velocities, column(t, schedule::alphaDot), x, column(t, schedule::betaDot), y, gammaDot));
    }

    private INDArray times(double[] t) {
        float[] values = times.values(t.length);
        for (int i = 0; i < t.length; i++) {
            values[i] = (float) t[i];
        }
        return times.written();
    }

    private void draw(boolean used, int length, RandomGenerator rng) {
        if (used) {
            latent = latent.length == length ? latent : new float[length];
            for (int i = 0; i < length; i++) {
                latent[i] = (float) rng.nextGaussian();
            }
        }
    }

    private INDArray combined(BatchArray to, float[] a, INDArray x, float[] b, INDArray y, float[] g) {
        float[] sum = to.values(x.shape());
        int size = sum.length / a.length;
        FloatBuffer first = HostMemory.of(x);
        FloatBuffer second = HostMemory.of(y);
        boolean withLatent = anyNotZero(g);
        Stretches.of(sum.length, (from, count, scratch) -> {
            float[] ofX = scratch[0];
            float[] ofY = scratch[1];
            first.get(from, ofX, 0, count);
            second.get(from, ofY, 0, count);
            for (int i = 0; i < count; i++) {
                int item = (from + i) / size;
                sum[from + i] = a[item] * ofX[i] + b[item] * ofY[i];
            }
            for (int i = from; withLatent && i < from + count; i++) {
                sum[i] += g[i / size] * latent[i];
            }
        });
        Reference.reachabilityFence(x);
        Reference.reachabilityFence(y);
        return to.written();
    }

    private static boolean anyNotZero(float[] values) {
        for (float value : values) {
            if (value != 0) {
                return true;
            }
        }
        return false;
    }

    private static float[] column(double[] t, DoubleUnaryOperator coefficient) {
        float[] values = new float[t.length];
        for (int i = 0; i < t.length; i++) {
            values[i] = (float) coefficient.applyAsDouble(t[i]);
        }
        return values;
    }
}
