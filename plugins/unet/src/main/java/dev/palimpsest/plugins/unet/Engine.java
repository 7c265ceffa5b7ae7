package dev.palimpsest.plugins.unet;

import dev.palimpsest.api.FusedKernels;
import dev.palimpsest.plugins.unet.Linear.Start;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a U-Net is computed with: its layers, their memory, and the way in and out. All engines have the same weights in the same order. */
interface Engine {
    /** Fused kernels in host memory where they are allowed, else ND4J's operations. */
    static Engine allowed() {
        return FusedKernels.allowed() ? new FusedEngine() : new PlainEngine();
    }

    /** Memory of this many zeros. */
    Storage allocate(long length);

    /** Called before the layers of a forward or a backward pass. */
    void begin();

    /** A 3x3 convolution with zero padding; the input must have no other reader. */
    Layer convolution(Tensor in, Tensor out, boolean startsAtZero, Parameters parameters);

    /** A dense layer on every pixel or vector; an adding one adds to what another layer has already written to out. */
    Layer linear(Tensor in, Tensor out, Start start, boolean adds, Parameters parameters);

    /** Group normalisation, then a modulation by scale and shift if there is one, then SiLU if asked for. */
    Layer groupNorm(Tensor in, Tensor out, Optional<Tensor> scaleShift, boolean silu, Parameters parameters);

    /** Self-attention among the pixels of an image. */
    Layer attention(Tensor queriesKeysValues, Tensor out);

    /** SiLU on vectors; the input must have no other reader. */
    Layer silu(Tensor in, Tensor out);

    /** out += in. */
    Layer add(Tensor in, Tensor out);

    /** out = the channels of first, then those of second. */
    Layer concatenation(Tensor first, Tensor second, Tensor out);

    /** Halves an image by averages or doubles it by repetition, as the heights say. */
    Layer resample(Tensor in, Tensor out);

    /** Writes values, in C order, over a whole tensor. */
    void write(float[] values, Tensor to);

    /** Writes vectors [N, C] over a whole tensor. */
    void write(INDArray vectors, Tensor to);

    /** Writes images [N, C, H, W] into the tensor's channels from {@code first} on, and zeros where the tensor is larger. */
    void pack(INDArray images, Tensor to, int first);

    /** The top left part of the tensor's images, [N, C, H, W]. */
    INDArray unpack(Tensor from, int height, int width);

    /** The mean of (tensor - target)^2 over images [N, C, H, W]; sets the tensor's gradient, which is zero on the padding. */
    double squaredError(Tensor output, INDArray target);
}
