package dev.palimpsest.runtime.train;

import dev.palimpsest.api.InterpolantSchedule;
import java.util.function.DoubleUnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The regression of one step: times t [N], points I_t = alpha x + beta y + gamma z, and their velocities I_t' = alpha' x + beta' y + gamma' z, each item
 * at its own time.
 */
public record Interpolation(INDArray t, INDArray point, INDArray velocity) {
    /** Interpolates between x (clean) and y (observed) [N, ...]; z is standard normal, of the same shape, and unused where gamma is 0 throughout. */
    public static Interpolation of(InterpolantSchedule schedule, double[] t, INDArray x, INDArray y, INDArray z) {
        return new Interpolation(
                column(t, time -> time),
                combine(t, schedule::alpha, x, schedule::beta, y, schedule::gamma, z),
                combine(t, schedule::alphaDot, x, schedule::betaDot, y, schedule::gammaDot, z));
    }

    private static INDArray combine(
            double[] t,
            DoubleUnaryOperator a,
            INDArray x,
            DoubleUnaryOperator b,
            INDArray y,
            DoubleUnaryOperator g,
            INDArray z) {
        long items = x.size(0);
        long size = x.length() / items;
        INDArray sum = x.reshape('c', items, size).mulColumnVector(column(t, a));
        sum.addi(y.reshape('c', items, size).mulColumnVector(column(t, b)));
        INDArray gamma = column(t, g);
        if (gamma.amaxNumber().doubleValue() > 0) {
            sum.addi(z.reshape('c', items, size).mulColumnVector(gamma));
        }
        return sum.reshape('c', x.shape());
    }

    private static INDArray column(double[] t, DoubleUnaryOperator coefficient) {
        float[] values = new float[t.length];
        for (int i = 0; i < t.length; i++) {
            values[i] = (float) coefficient.applyAsDouble(t[i]);
        }
        return Nd4j.createFromArray(values);
    }
}
