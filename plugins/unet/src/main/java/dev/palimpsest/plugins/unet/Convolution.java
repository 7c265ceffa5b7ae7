package dev.palimpsest.plugins.unet;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * A 3x3 convolution with zero padding: out [N, H, W, o] = in [N, H, W, i] * weight [3, 3, i, o] + bias [o].
 *
 * <p>The library splits its sums by the number of threads that it is given. It is given one here, for each of a few pieces of the batch, whose
 * number depends on the sizes alone.
 */
final class Convolution implements Layer {
    /** Arguments of ND4J's conv2d and conv2d_bp. */
    static final int[] SAME_SIZE_NHWC = {3, 3, 1, 1, 0, 0, 1, 1, 1, 1, 0};

    private static final int TAPS = 9;

    /** Multiplications in a piece, at least, so that they outweigh the call. */
    private static final long WORK = 7_000_000;

    /** Pixels in a piece, at least, so that they outweigh reading the weights and adding the pieces' gradients of them. */
    private static final long PIXELS = 256;

    /** Pieces at most, so that the weights' gradients of all pieces stay few. */
    private static final long PIECES = 8;

    private final Tensor in;
    private final Tensor out;
    private final Parameters parameters;
    private final Parameter weight;
    private final Parameter bias;
    private final int pieces;
    private final List<DynamicCustomOp> forward = new ArrayList<>();
    private final List<DynamicCustomOp> backward = new ArrayList<>();
    private Partials partials;

    /** The input must have no other reader, as the gradient operation overwrites. */
    Convolution(Tensor in, Tensor out, boolean startsAtZero, Parameters parameters) {
        this.in = in;
        this.out = out;
        this.parameters = parameters;
        weight = weight(in, out, startsAtZero, parameters);
        bias = parameters.constant(0, out.channels);
        long work = (long) in.rows() * TAPS * in.channels * out.channels;
        long most = Math.min(Math.min(PIECES, in.items), Math.min(work / WORK, in.rows() / PIXELS));
        pieces = (int) Math.max(1, most);
    }

    /** The weights [3, 3, i, o] of a 3x3 convolution. */
    static Parameter weight(Tensor in, Tensor out, boolean startsAtZero, Parameters parameters) {
        return startsAtZero
                ? parameters.constant(0, 3, 3, in.channels, out.channels)
                : parameters.uniform(9L * in.channels, 9L * out.channels, 3, 3, in.channels, out.channels);
    }

    @Override
    public List<Tensor> tensors() {
        return List.of(in, out);
    }

    @Override
    public long workingLength(boolean withBackward) {
        return withBackward ? (pieces - 1L) * (weight.length() + bias.length()) : 0;
    }

    @Override
    public void prepare(boolean withBackward) {
        if (withBackward) {
            partials = new Partials(parameters, weight, bias, pieces);
        }
        for (int piece = 0; piece < pieces; piece++) {
            int first = start(piece);
            int items = start(piece + 1) - first;
            forward.add(DynamicCustomOp.builder("conv2d")
                    .addInputs(
                            in.part(in.value(), first, items).array(),
                            weight.value().array(),
                            bias.value().array())
                    .addOutputs(out.part(out.value(), first, items).array())
                    .addIntegerArguments(SAME_SIZE_NHWC)
                    .build());
            if (withBackward) {
                backward.add(DynamicCustomOp.builder("conv2d_bp")
                        .addInputs(
                                in.part(in.value(), first, items).array(),
                                weight.value().array(),
                                bias.value().array(),
                                out.part(out.gradient(), first, items).array())
                        .addOutputs(
                                in.part(in.gradient(), first, items).array(),
                                partials.weight(piece).array(),
                                partials.bias(piece).array())
                        .addIntegerArguments(SAME_SIZE_NHWC)
                        .build());
            }
        }
    }

    private int start(int piece) {
        return (int) ((long) piece * in.items / pieces);
    }

    @Override
    public void forward() {
        Kernels.parallel(pieces, piece -> executeInOneThread(forward.get(piece)));
    }

    @Override
    public void backward() {
        in.startGradient();
        Kernels.parallel(pieces, piece -> executeInOneThread(backward.get(piece)));
        partials.sum();
    }

    private static void executeInOneThread(DynamicCustomOp operation) {
        NativeOps threads = NativeOpsHolder.getInstance().getDeviceNativeOps();
        int before = threads.ompGetMaxThreads();
        threads.setOmpNumThreads(1);
        try {
            Nd4j.exec(operation);
        } finally {
            threads.setOmpNumThreads(before);
        }
    }
}
