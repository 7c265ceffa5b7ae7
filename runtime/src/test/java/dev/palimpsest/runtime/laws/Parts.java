package dev.palimpsest.runtime.laws;

import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.plugins.rungekutta.Rk4;
import dev.palimpsest.plugins.schedules.BrownianBridge;
import dev.palimpsest.plugins.schedules.Latent;
import dev.palimpsest.plugins.schedules.Linear;
import dev.palimpsest.plugins.schedules.Trigonometric;
import dev.palimpsest.runtime.transport.TransportMap;
import dev.palimpsest.testkit.ExactDrift;
import dev.palimpsest.testkit.ExactVelocity;
import dev.palimpsest.testkit.Gaussian;
import dev.palimpsest.testkit.GaussianPair;
import dev.palimpsest.testkit.LinearChannel;
import dev.palimpsest.testkit.PairMixture;
import java.util.Optional;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The shipped parts, and transports through them with an exact drift. */
final class Parts {
    /** Of order 4 and with so many steps that it leaves less than 1e-5 of a slope, on any of the schedules. */
    static final OdeSolver ACCURATE = new Rk4(24, 1.5);

    private Parts() {}

    /** Every shipped schedule, the latent ones with a large gamma. */
    static Stream<InterpolantSchedule> schedules() {
        return Stream.of(new Linear(), new Trigonometric(), new Latent(2), new BrownianBridge(1, 1e-3));
    }

    static DriftSignature items(int d) {
        return new DriftSignature(new long[] {d}, 0, 0);
    }

    /** Phi(y) for rows y [n][d], in double precision but for the times, which the network is given in single precision. */
    static double[][] transported(ExactVelocity b, OdeSolver solver, double[][] y) {
        return transported(b, solver, new Observations(Nd4j.createFromArray(y), Optional.empty()));
    }

    static double[][] transported(ExactVelocity b, OdeSolver solver, Observations y) {
        INDArray x = new TransportMap(new ExactDrift(b).network(), solver).apply(y);
        return x.toDoubleMatrix();
    }

    /** Phi(y) for numbers y. */
    static double[] transported(ExactVelocity b, OdeSolver solver, double... y) {
        double[][] rows = new double[y.length][];
        for (int i = 0; i < y.length; i++) {
            rows[i] = new double[] {y[i]};
        }
        double[][] x = transported(b, solver, rows);
        double[] numbers = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            numbers[i] = x[i][0];
        }
        return numbers;
    }

    /** Phi for a linear Gaussian channel and a normal law, Phi(y) = offset + M y: where the zero vector and the basis vectors go. */
    static Affine transport(InterpolantSchedule schedule, OdeSolver solver, LinearChannel channel, Gaussian current) {
        int d = current.mean().length;
        double[][] y = new double[d + 1][d];
        for (int i = 0; i < d; i++) {
            y[i + 1][i] = 1;
        }
        double[][] x = transported(new PairMixture(schedule, GaussianPair.through(channel, current)), solver, y);
        double[][] matrix = new double[d][d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                matrix[i][j] = x[j + 1][i] - x[0][i];
            }
        }
        return new Affine(x[0], matrix);
    }

    /** x = offset + M y. */
    record Affine(double[] offset, double[][] matrix) {
        double slope() {
            return matrix[0][0];
        }

        /** The law of x where y has this law. */
        Gaussian of(Gaussian y) {
            INDArray m = Nd4j.createFromArray(matrix);
            INDArray mean = m.mmul(Nd4j.createFromArray(y.mean()).reshape(offset.length, 1));
            double[] moved = offset.clone();
            for (int i = 0; i < moved.length; i++) {
                moved[i] += mean.getDouble(i);
            }
            INDArray covariance = m.mmul(Nd4j.createFromArray(y.covariance())).mmul(m.transpose());
            return new Gaussian(moved, covariance.toDoubleMatrix());
        }
    }

    /** One round of the method for normal laws, through the real transport: the law of Phi(y), with the exact drift of the current law. */
    static Gaussian next(
            InterpolantSchedule schedule, OdeSolver solver, LinearChannel channel, Gaussian current, Gaussian truth) {
        return transport(schedule, solver, channel, current).of(channel.observed(truth));
    }
}
