package dev.palimpsest.runtime.transport;

import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A simple estimate of x from a state I at its time and what is known of the corruption, and from nothing else. */
interface Estimator {
    /**
     * Estimates a batch.
     *
     * @param t the time of each item
     * @param state I [N, ...]; it is left as it is
     */
    Estimate of(double[] t, INDArray state, Optional<INDArray> conditioning);

    /**
     * What a network is given, and begins from.
     *
     * @param x the estimate [N, ...]
     * @param shift the estimate less I / K, with K = alpha + beta
     * @param innovation what the estimate leaves out of the state, in units of its deviation
     * @param error the estimate's own error at each item's time, a root mean square
     */
    record Estimate(INDArray x, INDArray shift, INDArray innovation, float[] error) implements AutoCloseable {
        @Override
        public void close() {
            x.close();
            shift.close();
            innovation.close();
        }
    }
}
