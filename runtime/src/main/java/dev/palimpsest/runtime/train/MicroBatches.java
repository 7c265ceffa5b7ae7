package dev.palimpsest.runtime.train;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.LossGradient;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The loss of a batch and its gradient, from parts of at most so many items one after another: a network then holds the activations of a part only. They
 * are the means over the parts, weighted by their sizes, which differ by one item at most.
 */
public final class MicroBatches {
    private final int most;
    private Optional<INDArray> total = Optional.empty();

    /** @param most items in a part; 0: all */
    public MicroBatches(int most) {
        this.most = most;
    }

    /** The gradient is an array of the network's or of this object's own, which the next call overwrites. */
    public LossGradient squaredError(DriftNetwork network, Interpolation i, Optional<INDArray> conditioning) {
        long items = i.t().size(0);
        int parts = parts(items, most);
        if (parts == 1) {
            return network.squaredError(i.t(), i.point(), conditioning, i.velocity());
        }
        double loss = 0;
        for (int part = 0; part < parts; part++) {
            long from = part * items / parts;
            long to = (part + 1) * items / parts;
            double share = (double) (to - from) / items;
            INDArray t = rows(i.t(), from, to);
            INDArray point = rows(i.point(), from, to);
            INDArray velocity = rows(i.velocity(), from, to);
            Optional<INDArray> known = conditioning.map(all -> rows(all, from, to));
            LossGradient error = network.squaredError(t, point, known, velocity);
            loss += share * error.loss();
            add(error.gradient().muli(share), part == 0);
            t.close();
            point.close();
            velocity.close();
            known.ifPresent(INDArray::close);
        }
        return new LossGradient(loss, total.orElseThrow());
    }

    /** In how many parts so many items are taken. */
    public static int parts(long items, int most) {
        return most == 0 ? 1 : Math.toIntExact((items + most - 1) / most);
    }

    private void add(INDArray gradient, boolean first) {
        INDArray sum = total.orElseGet(gradient::ulike);
        total = Optional.of(sum);
        if (first) {
            sum.assign(gradient);
        } else {
            sum.addi(gradient);
        }
    }

    private static INDArray rows(INDArray batch, long from, long to) {
        return batch.get(NDArrayIndex.interval(from, to)).dup('c');
    }
}
