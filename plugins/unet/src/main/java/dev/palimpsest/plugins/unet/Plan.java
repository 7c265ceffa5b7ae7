package dev.palimpsest.plugins.unet;

import dev.palimpsest.api.DriftSignature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The U-Net for one number of items: a list of layers between nodes that are allocated once. Layers run in order forward, and in reverse backward.
 *
 * <p>The architecture is that of Dhariwal and Nichol (arXiv 2105.05233, appendix A): residual blocks whose second normalisation is scaled and shifted by
 * the time embedding, residual blocks that halve and double the resolution, attention at some resolutions, and skips from the way down to the way up.
 */
final class Plan {
    private static final double ZERO = 0;
    private static final int HEAD = 64;

    private final UNet net;
    private final Weights weights;
    private final int items;
    private final boolean training;
    private final DriftSignature signature;
    private final List<Layer> layers = new ArrayList<>();
    private final Images images;
    private final Node time;
    private final Node known;
    private final Node input;
    private final Node output;
    private final Fork embedding;

    Plan(UNet net, DriftSignature signature, Weights weights, int items, boolean training) {
        this.net = net;
        this.signature = signature;
        this.weights = weights;
        this.items = items;
        this.training = training;
        images = new Images(signature, net.multipliers().size());
        weights.again();
        time = node(1, 1, net.channels());
        known = node(1, 1, Math.max(1, signature.conditioningSize()));
        embedding = embedding();
        input = node(images.height(), images.width(), images.channels());
        output = wire();
    }

    private Node wire() {
        int levels = net.multipliers().size();
        List<Node> kept = new ArrayList<>();
        Node h = keep(convolution(input, net.channels(), false), kept);
        for (int level = 0; level < levels; level++) {
            for (int block = 0; block < net.blocks(); block++) {
                h = keep(attentionAt(residual(h, net.width(level), UnaryOperator.identity())), kept);
            }
            if (level + 1 < levels) {
                h = keep(residual(h, h.channels(), this::halved), kept);
            }
        }
        h = residual(h, h.channels(), UnaryOperator.identity());
        h = attention(h);
        h = residual(h, h.channels(), UnaryOperator.identity());
        for (int level = levels - 1; level >= 0; level--) {
            for (int block = 0; block <= net.blocks(); block++) {
                h = attentionAt(residual(concat(h, kept.remove(kept.size() - 1)), net.width(level), UnaryOperator.identity()));
            }
            if (level > 0) {
                h = residual(h, h.channels(), this::doubled);
            }
        }
        return convolution(normalised(h, Optional.empty(), true), images.itemChannels(), true);
    }

    /** The velocity of items [N, c, H, W]; t is [N]. */
    INDArray forward(INDArray t, INDArray x, Optional<INDArray> conditioning) {
        embed(t);
        images.fill(input, x, conditioning);
        if (signature.conditioningSize() > 0) {
            known.value().array().assign(conditioning.orElseThrow().reshape(known.value().array().shape()));
        }
        layers.forEach(Layer::forward);
        return images.crop(output.value(), items);
    }

    /** Sets the gradients of all weights, for the mean squared error from a target of the items' shape, which it returns. */
    double backward(INDArray target) {
        double loss = images.squaredError(output, target);
        for (int i = layers.size() - 1; i >= 0; i--) {
            layers.get(i).backward();
        }
        return loss;
    }

    /** cos and sin of 1000 t / 10000^(i / half). */
    private void embed(INDArray t) {
        int half = net.channels() / 2;
        float[] features = new float[items * net.channels()];
        for (int item = 0; item < items; item++) {
            for (int i = 0; i < half; i++) {
                double angle = 1000 * t.getDouble(item) * Math.exp(-Math.log(10000) * i / half);
                features[item * net.channels() + i] = (float) Math.cos(angle);
                features[item * net.channels() + half + i] = (float) Math.sin(angle);
            }
        }
        time.value().put(0, features, features.length);
    }

    private Fork embedding() {
        int width = 4 * net.channels();
        Node e = pointwise(silu(pointwise(time, width, false)), width, false);
        if (signature.conditioningSize() > 0) {
            e = add(e, pointwise(silu(pointwise(known, width, false)), width, false));
        }
        return fork(silu(e));
    }

    private Node residual(Node in, int channels, UnaryOperator<Node> resampled) {
        Fork fork = fork(in);
        Node h = convolution(resampled.apply(normalised(fork.branch(), Optional.empty(), true)), channels, false);
        Node scaleShift = pointwise(embedding.branch(), 2 * channels, false);
        h = convolution(normalised(h, Optional.of(scaleShift), true), channels, true);
        Node skip = resampled.apply(fork.branch());
        return add(h, skip.channels() == channels ? skip : pointwise(skip, channels, false));
    }

    private Node attentionAt(Node in) {
        return net.attention().contains(in.height()) ? attention(in) : in;
    }

    private Node attention(Node in) {
        Fork fork = fork(in);
        int channels = in.channels();
        Node qkv = pointwise(normalised(fork.branch(), Optional.empty(), false), 3 * channels, false);
        Node mixed = node(in.height(), in.width(), channels);
        layers.add(new Attention(qkv, mixed, heads(channels)));
        return add(pointwise(mixed, channels, true), fork.branch());
    }

    /** Heads of 64 channels, as far as they divide the channels. */
    private static int heads(int channels) {
        int heads = Math.max(1, channels / HEAD);
        return channels % heads == 0 ? heads : 1;
    }

    private Node keep(Node in, List<Node> kept) {
        Fork fork = fork(in);
        kept.add(fork.branch());
        return fork.branch();
    }

    private Fork fork(Node in) {
        Fork fork = new Fork(in);
        layers.add(fork);
        return fork;
    }

    private Node convolution(Node in, int channels, boolean zero) {
        Node out = node(in.height(), in.width(), channels);
        double deviation = zero ? ZERO : Math.sqrt(1.0 / (9 * in.channels()));
        layers.add(new Convolution(in, out, weights.take(deviation, 3, 3, in.channels(), channels), weights.take(ZERO, channels)));
        return out;
    }

    private Node pointwise(Node in, int channels, boolean zero) {
        Node out = node(in.height(), in.width(), channels);
        double deviation = zero ? ZERO : Math.sqrt(1.0 / in.channels());
        layers.add(new Pointwise(in, out, weights.take(deviation, in.channels(), channels), weights.take(ZERO, channels)));
        return out;
    }

    private Node normalised(Node in, Optional<Node> scaleShift, boolean silu) {
        Node out = node(in.height(), in.width(), in.channels());
        layers.add(new GroupNorm(in, scaleShift, out, weights.take(Weights.ONES, in.channels()), weights.take(ZERO, in.channels()), silu));
        return out;
    }

    private Node silu(Node in) {
        Node out = node(in.height(), in.width(), in.channels());
        layers.add(new Silu(in, out));
        return out;
    }

    private Node add(Node a, Node b) {
        Node out = node(a.height(), a.width(), a.channels());
        layers.add(new Add(a, b, out));
        return out;
    }

    private Node concat(Node a, Node b) {
        Node out = node(a.height(), a.width(), a.channels() + b.channels());
        layers.add(new Concat(a, b, out));
        return out;
    }

    private Node halved(Node in) {
        return resampled(in, in.height() / 2, in.width() / 2);
    }

    private Node doubled(Node in) {
        return resampled(in, in.height() * 2, in.width() * 2);
    }

    private Node resampled(Node in, int height, int width) {
        Node out = node(height, width, in.channels());
        layers.add(new Resample(in, out));
        return out;
    }

    private Node node(int height, int width, int channels) {
        long size = (long) items * height * width * channels;
        return new Node(items, height, width, channels, Buffer.of(size), training ? Optional.of(Buffer.of(size)) : Optional.empty());
    }
}
