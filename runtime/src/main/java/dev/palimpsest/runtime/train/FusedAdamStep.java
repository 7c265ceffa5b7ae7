package dev.palimpsest.runtime.train;

import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.util.Optional;

/** One pass over memory, which is what a step costs. */
final class FusedAdamStep implements AdamStep {
    @Override
    public void take(Vectors vectors, Factors factors) {
        FloatBuffer theta = HostMemory.of(vectors.theta());
        FloatBuffer gradient = HostMemory.of(vectors.gradient());
        FloatBuffer first = HostMemory.of(vectors.firstMoment());
        FloatBuffer second = HostMemory.of(vectors.secondMoment());
        Optional<FloatBuffer> average = vectors.average().map(HostMemory::of);
        float scale = (float) factors.scale();
        float rate = (float) factors.corrected();
        float decay = (float) factors.decay();
        Stretches.of(Math.toIntExact(vectors.theta().length()), (from, count, scratch) -> {
            float[] g = scratch[0];
            float[] m = scratch[1];
            float[] v = scratch[2];
            float[] x = scratch[3];
            gradient.get(from, g, 0, count);
            first.get(from, m, 0, count);
            second.get(from, v, 0, count);
            theta.get(from, x, 0, count);
            moments(g, m, v, scale, count);
            first.put(from, m, 0, count);
            second.put(from, v, 0, count);
            descend(x, m, v, rate, count);
            theta.put(from, x, 0, count);
            if (average.isPresent()) {
                float[] w = scratch[4];
                average.get().get(from, w, 0, count);
                follow(w, x, decay, count);
                average.get().put(from, w, 0, count);
            }
        });
        Reference.reachabilityFence(vectors);
    }

    private static void moments(float[] g, float[] m, float[] v, float scale, int count) {
        float keep = (float) BETA1;
        float add = (float) (1 - BETA1);
        float keepSquare = (float) BETA2;
        float addSquare = (float) (1 - BETA2);
        for (int i = 0; i < count; i++) {
            float scaled = scale * g[i];
            m[i] = keep * m[i] + add * scaled;
            v[i] = keepSquare * v[i] + addSquare * (scaled * scaled);
        }
    }

    private static void descend(float[] theta, float[] m, float[] v, float rate, int count) {
        float epsilon = (float) EPSILON;
        for (int i = 0; i < count; i++) {
            theta[i] -= rate * m[i] / ((float) Math.sqrt(v[i]) + epsilon);
        }
    }

    private static void follow(float[] average, float[] theta, float decay, int count) {
        float add = 1 - decay;
        for (int i = 0; i < count; i++) {
            average[i] = decay * average[i] + add * theta[i];
        }
    }
}
