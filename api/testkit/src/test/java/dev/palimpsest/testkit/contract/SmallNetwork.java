package dev.palimpsest.testkit.contract;

import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.LossGradient;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** v = V tanh(M [x, t, conditioning]), with V = 0 at first. */
class SmallNetwork implements DriftNetwork {
    private static final int HIDDEN = 5;

    private final int size;
    private final int inputs;
    private final INDArray parameters;

    SmallNetwork(DriftSignature signature, long seed) {
        size = Values.size(signature.itemShape());
        inputs = size + 1 + signature.conditioningSize();
        float[] weights = new float[HIDDEN * (inputs + size)];
        RandomGenerator rng = Values.generator(seed);
        for (int i = 0; i < HIDDEN * inputs; i++) {
            weights[i] = (float) rng.nextGaussian();
        }
        parameters = Nd4j.createFromArray(weights);
    }

    @Override
    public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
        float[] p = Values.of(parameters);
        float[] velocity = new float[Math.toIntExact(x.length())];
        for (int n = 0; n < x.size(0); n++) {
            double[] hidden = hidden(p, input(t, x, conditioning, n));
            for (int j = 0; j < size; j++) {
                velocity[n * size + j] = (float) output(p, hidden, j);
            }
        }
        return Nd4j.createFromArray(velocity).reshape('c', x.shape());
    }

    @Override
    public LossGradient squaredError(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
        float[] p = Values.of(parameters);
        float[] wanted = Values.of(target);
        double[] gradient = new double[p.length];
        double loss = 0;
        for (int n = 0; n < x.size(0); n++) {
            double[] input = input(t, x, conditioning, n);
            double[] hidden = hidden(p, input);
            for (int j = 0; j < size; j++) {
                double error = output(p, hidden, j) - wanted[n * size + j];
                loss += error * error / wanted.length;
                for (int h = 0; h < HIDDEN; h++) {
                    double slope = 2 * error / wanted.length;
                    int out = HIDDEN * inputs + j * HIDDEN + h;
                    gradient[out] += slope * hidden[h];
                    for (int i = 0; i < inputs; i++) {
                        gradient[h * inputs + i] += slope * p[out] * (1 - hidden[h] * hidden[h]) * input[i];
                    }
                }
            }
        }
        float[] floats = new float[gradient.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) gradient[i];
        }
        return new LossGradient(loss, Nd4j.createFromArray(floats));
    }

    @Override
    public INDArray parameters() {
        return parameters;
    }

    private double[] input(INDArray t, INDArray x, Optional<INDArray> conditioning, int n) {
        double[] input = new double[inputs];
        float[] item = Values.item(x, n);
        for (int i = 0; i < size; i++) {
            input[i] = item[i];
        }
        input[size] = t.getDouble(n);
        float[] known = conditioning.map(c -> Values.item(c, n)).orElse(new float[0]);
        for (int i = 0; i < known.length; i++) {
            input[size + 1 + i] = known[i];
        }
        return input;
    }

    private double[] hidden(float[] p, double[] input) {
        double[] hidden = new double[HIDDEN];
        Arrays.setAll(hidden, h -> {
            double sum = 0;
            for (int i = 0; i < inputs; i++) {
                sum += p[h * inputs + i] * input[i];
            }
            return Math.tanh(sum);
        });
        return hidden;
    }

    private double output(float[] p, double[] hidden, int j) {
        double sum = 0;
        for (int h = 0; h < HIDDEN; h++) {
            sum += p[HIDDEN * inputs + j * HIDDEN + h] * hidden[h];
        }
        return sum;
    }
}
