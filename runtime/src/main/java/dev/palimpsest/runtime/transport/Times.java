package dev.palimpsest.runtime.transport;

import dev.palimpsest.api.InterpolantSchedule;
import java.util.function.DoubleUnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Functions of a schedule, and items times a function of their own times. */
record Times(InterpolantSchedule schedule) {
    /** K = alpha + beta. */
    double k(double t) {
        return schedule.alpha(t) + schedule.beta(t);
    }

    double kDot(double t) {
        return schedule.alphaDot(t) + schedule.betaDot(t);
    }

    /** r = beta / K. */
    double r(double t) {
        return schedule.beta(t) / k(t);
    }

    /** K r' = (alpha beta' - beta alpha') / K. */
    double speed(double t) {
        return (schedule.alpha(t) * schedule.betaDot(t) - schedule.beta(t) * schedule.alphaDot(t)) / k(t);
    }

    static float[] column(double[] t, DoubleUnaryOperator f) {
        float[] column = new float[t.length];
        for (int i = 0; i < column.length; i++) {
            column[i] = (float) f.applyAsDouble(t[i]);
        }
        return column;
    }

    /** Each item times its own factor, in place. */
    static INDArray times(INDArray items, float[] factors) {
        try (INDArray column = Nd4j.createFromArray(factors)) {
            items.reshape('c', factors.length, -1).muliColumnVector(column);
        }
        return items;
    }
}
