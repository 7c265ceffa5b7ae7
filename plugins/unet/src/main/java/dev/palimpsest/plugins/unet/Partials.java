package dev.palimpsest.plugins.unet;

import java.util.ArrayList;
import java.util.List;

/** Where the pieces of a batch leave their gradients of a weight and a bias: the first where the sum is wanted, the others in working memory. */
final class Partials {
    private static final int STRETCH = 4096;

    private final List<Storage> weights = new ArrayList<>();
    private final List<Storage> biases = new ArrayList<>();

    Partials(Parameters parameters, Parameter weight, Parameter bias, int pieces) {
        weights.add(weight.gradient());
        biases.add(bias.gradient());
        long at = 0;
        for (int piece = 1; piece < pieces; piece++) {
            weights.add(parameters.working().part(at, weight.shape()));
            at += weight.length();
            biases.add(parameters.working().part(at, bias.shape()));
            at += bias.length();
        }
    }

    Storage weight(int piece) {
        return weights.get(piece);
    }

    Storage bias(int piece) {
        return biases.get(piece);
    }

    /** Adds all others to the first, in order. */
    void sum() {
        sum(weights);
        sum(biases);
    }

    private static void sum(List<Storage> parts) {
        if (parts.size() == 1) {
            return;
        }
        int length = Math.toIntExact(parts.get(0).array().length());
        Kernels.parallel((length + STRETCH - 1) / STRETCH, stretch -> {
            int at = stretch * STRETCH;
            int count = Math.min(STRETCH, length - at);
            float[][] scratch = Scratch.arrays(2, STRETCH);
            parts.get(0).floats().get(at, scratch[0], 0, count);
            for (Storage other : parts.subList(1, parts.size())) {
                other.floats().get(at, scratch[1], 0, count);
                Kernels.add(scratch[0], scratch[1], count);
            }
            parts.get(0).floats().put(at, scratch[0], 0, count);
        });
    }
}
