package dev.palimpsest.runtime.probe;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Samples;
import java.util.function.DoubleUnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Images of 16 x 16 pixels, and forward models that act on each of their cosine coefficients by itself. */
final class Fields {
    static final int SIDE = 16;

    private Fields() {}

    /** In cycles a pixel. */
    static double frequency(int mode) {
        return Math.hypot(mode / SIDE / (2.0 * SIDE), mode % SIDE / (2.0 * SIDE));
    }

    static double[][] cosines() {
        double[][] c = new double[SIDE][SIDE];
        for (int k = 0; k < SIDE; k++) {
            for (int i = 0; i < SIDE; i++) {
                c[k][i] = Math.sqrt((k == 0 ? 1.0 : 2.0) / SIDE) * Math.cos(Math.PI * k * (2 * i + 1) / (2.0 * SIDE));
            }
        }
        return c;
    }

    /** The matrix that multiplies each cosine coefficient of an image by a number. */
    static INDArray filter(DoubleUnaryOperator factor) {
        double[][] c = cosines();
        double[][] modes = new double[SIDE * SIDE][SIDE * SIDE];
        double[][] scaled = new double[SIDE * SIDE][SIDE * SIDE];
        for (int mode = 0; mode < modes.length; mode++) {
            for (int pixel = 0; pixel < modes.length; pixel++) {
                modes[mode][pixel] = c[mode / SIDE][pixel / SIDE] * c[mode % SIDE][pixel % SIDE];
                scaled[mode][pixel] = factor.applyAsDouble(frequency(mode)) * modes[mode][pixel];
            }
        }
        return Nd4j.createFromArray(modes)
                .transpose()
                .mmul(Nd4j.createFromArray(scaled))
                .castTo(DataType.FLOAT);
    }

    static INDArray filtered(INDArray x, INDArray filter) {
        return x.reshape('c', x.length() / SIDE / SIDE, (long) SIDE * SIDE)
                .mmul(filter)
                .dup('c')
                .reshape('c', x.shape());
    }

    static ForwardModel blur(DoubleUnaryOperator transfer, double noise) {
        INDArray filter = filter(transfer);
        return (x, rng) ->
                Observations.of(Samples.gaussian(rng, x.shape()).muli(noise).addi(filtered(x, filter)));
    }
}
