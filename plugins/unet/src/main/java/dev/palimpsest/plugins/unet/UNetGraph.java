package dev.palimpsest.plugins.unet;

import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.plugins.unet.Linear.Start;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The architecture: which layers a U-Net has for items of a signature, and how they are connected. */
final class UNetGraph {
    private final UNet settings;
    private final DriftSignature signature;
    private final Engine engine;

    UNetGraph(UNet settings, DriftSignature signature, Engine engine) {
        if (signature.itemShape().length != 3) {
            throw new IllegalArgumentException("unet takes items [channels, height, width], got items of shape "
                    + Arrays.toString(signature.itemShape()) + "; use mlp for vectors");
        }
        this.settings = settings;
        this.signature = signature;
        this.engine = engine;
    }

    Engine engine() {
        return engine;
    }

    DriftSignature signature() {
        return signature;
    }

    /** Adds all layers for a batch of items, without memory. */
    UNetPlan plan(int items, Parameters parameters) {
        parameters.restart();
        return new Walk(items, parameters).plan();
    }

    /** Bytes of the weights, and of their gradient, and of what a plan for so many items allocates; without items, of no plan. */
    long memory(int items, boolean withGradient) {
        Parameters parameters = new Parameters(engine);
        UNetPlan plan = plan(Math.max(1, items), parameters);
        long weights = parameters.length() * (withGradient ? 2 : 1);
        long called = items == 0
                ? 0
                : plan.plan().workingLength(withGradient) + plan.plan().length(withGradient);
        return Float.BYTES * (weights + called);
    }

    /** The least multiple of 2^(levels - 1) that is not below a height or width. */
    private int padded(long size) {
        long step = 1L << (settings.multipliers().size() - 1);
        return Math.toIntExact((size + step - 1) / step * step);
    }

    /** One walk over the architecture, which adds layers to a plan and takes their parameters in order. */
    private final class Walk {
        private final Plan plan = new Plan(engine);
        private final int items;
        private final Parameters parameters;
        private Tensor embedding;

        Walk(int items, Parameters parameters) {
            this.items = items;
            this.parameters = parameters;
        }

        UNetPlan plan() {
            long[] shape = signature.itemShape();
            Tensor time = plan.input(Tensor.vectors(items, settings.channels() / 2 * 2));
            Tensor input = plan.input(new Tensor(
                    items,
                    padded(shape[1]),
                    padded(shape[2]),
                    Math.toIntExact(shape[0] + signature.conditioningMaps())));
            Optional<Tensor> vector = signature.conditioningSize() > 0
                    ? Optional.of(plan.input(Tensor.vectors(items, signature.conditioningSize())))
                    : Optional.empty();
            embedding = embed(time, vector);

            Deque<Tensor> skipped = new ArrayDeque<>();
            Tensor h = convolve(input, settings.channels(), false);
            skipped.push(h);
            List<Integer> multipliers = settings.multipliers();
            for (int level = 0; level < multipliers.size(); level++) {
                for (int block = 0; block < settings.blocks(); block++) {
                    h = attendIfAsked(residual(h, width(level), h.height, h.width));
                    skipped.push(h);
                }
                if (level + 1 < multipliers.size()) {
                    h = residual(h, h.channels, h.height / 2, h.width / 2);
                    skipped.push(h);
                }
            }
            h = residual(h, h.channels, h.height, h.width);
            h = settings.middle() ? attend(h) : h;
            h = residual(h, h.channels, h.height, h.width);
            for (int level = multipliers.size() - 1; level >= 0; level--) {
                for (int block = 0; block <= settings.blocks(); block++) {
                    h = concatenate(h, skipped.pop());
                    h = attendIfAsked(residual(h, width(level), h.height, h.width));
                }
                if (level > 0) {
                    h = residual(h, h.channels, h.height * 2, h.width * 2);
                }
            }
            Tensor output = convolve(normSilu(h, Optional.empty()), Math.toIntExact(shape[0]), true);
            return new UNetPlan(plan, time, input, vector, output);
        }

        private int width(int level) {
            return Math.multiplyExact(
                    settings.channels(), settings.multipliers().get(level));
        }

        /** SiLU of the embedding of the time plus that of the conditioning vector: every reader wants it after its SiLU. */
        private Tensor embed(Tensor time, Optional<Tensor> vector) {
            Tensor sum = perceptron(time, Tensor.vectors(items, 4 * settings.channels()), false);
            vector.ifPresent(known -> perceptron(known, sum, true));
            return silu(sum);
        }

        private Tensor perceptron(Tensor in, Tensor out, boolean adds) {
            Tensor hidden = out.withChannels(out.channels);
            plan.add(engine.linear(in, hidden, Start.RANDOM, false, parameters));
            plan.add(engine.linear(silu(hidden), out, Start.RANDOM, adds, parameters));
            return out;
        }

        private Tensor silu(Tensor in) {
            Tensor out = in.withChannels(in.channels);
            plan.add(engine.silu(in, out));
            return out;
        }

        private Tensor convolve(Tensor in, int channels, boolean startsAtZero) {
            Tensor out = in.withChannels(channels);
            plan.add(engine.convolution(in, out, startsAtZero, parameters));
            return out;
        }

        private Tensor normSilu(Tensor in, Optional<Tensor> scaleShift) {
            Tensor out = in.withChannels(in.channels);
            plan.add(engine.groupNorm(in, out, scaleShift, true, parameters));
            return out;
        }

        private Tensor resample(Tensor in, int height, int width) {
            if (height == in.height && width == in.width) {
                return in;
            }
            Tensor out = new Tensor(items, height, width, in.channels);
            plan.add(engine.resample(in, out));
            return out;
        }

        /** A residual block that also halves or doubles the image if asked to. */
        private Tensor residual(Tensor in, int channels, int height, int width) {
            Tensor h = convolve(resample(normSilu(in, Optional.empty()), height, width), channels, false);
            Tensor scaleShift = Tensor.vectors(items, 2 * channels);
            plan.add(engine.linear(embedding, scaleShift, Start.RANDOM, false, parameters));
            Tensor out = convolve(normSilu(h, Optional.of(scaleShift)), channels, true);
            Tensor skip = resample(in, height, width);
            plan.add(
                    in.channels == channels
                            ? engine.add(skip, out)
                            : engine.linear(skip, out, Start.RANDOM, true, parameters));
            return out;
        }

        private Tensor attendIfAsked(Tensor in) {
            return settings.attention().contains(in.height) ? attend(in) : in;
        }

        private Tensor attend(Tensor in) {
            Tensor normalised = in.withChannels(in.channels);
            plan.add(engine.groupNorm(in, normalised, Optional.empty(), false, parameters));
            Tensor queriesKeysValues = in.withChannels(3 * in.channels);
            plan.add(engine.linear(normalised, queriesKeysValues, Start.RANDOM, false, parameters));
            Tensor mixed = in.withChannels(in.channels);
            plan.add(engine.attention(queriesKeysValues, mixed));
            Tensor out = in.withChannels(in.channels);
            plan.add(engine.linear(mixed, out, Start.ZERO, false, parameters));
            plan.add(engine.add(in, out));
            return out;
        }

        private Tensor concatenate(Tensor first, Tensor second) {
            Tensor out = first.withChannels(first.channels + second.channels);
            plan.add(engine.concatenation(first, second, out));
            return out;
        }
    }
}
