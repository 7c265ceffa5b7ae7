package dev.palimpsest.plugins.rungekutta;

import dev.palimpsest.api.ButcherTableau;
import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Name;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import dev.palimpsest.api.Solution;
import dev.palimpsest.api.VelocityField;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The method of Dormand and Prince of order 5 (1980), whose steps are chosen by its embedded method of order 4.
 *
 * <p>A step is accepted if the root mean square, over all items and dimensions of the batch together, of error / (absoluteTolerance +
 * relativeTolerance max(|x_before|, |x_after|)) is at most 1. The next step is longer by .9 error^(-1/5), between .2 and 10; the first is chosen as in
 * Hairer, Nørsett, Wanner, "Solving Ordinary Differential Equations I", II.4. It gives up, with the last accepted state, after {@code maxSteps} trials or
 * when a step is lost in rounding, which is where values that are not finite lead.
 *
 * @param relativeTolerance allowed error of a step relative to the state
 * @param absoluteTolerance allowed error of a step, added to it
 * @param maxSteps how many steps may be tried
 */
@Name("dopri5")
@Doc("The Dormand-Prince method of order 5, with steps as long as its error estimate allows.")
public record Dopri5(
        @Doc("Allowed error of a step, relative to the state.") @Range(min = 0, max = 1)
        double relativeTolerance,

        @Doc("Allowed error of a step, in units of the state.") @Range(above = 0)
        double absoluteTolerance,

        @Doc("Steps that may be tried before the solver gives up.") @Range(min = 1)
        int maxSteps)
        implements OdeSolver {
    private static final ButcherTableau TABLEAU = ButcherTableau.parse("""
              0  |
             1/5 |    1/5
            3/10 |    3/40        9/40
             4/5 |   44/45      -56/15      32/9
             8/9 | 19372/6561 -25360/2187 64448/6561 -212/729
              1  |  9017/3168   -355/33   46732/5247   49/176  -5103/18656
              1  |   35/384         0       500/1113  125/192  -2187/6784    11/84
                 |   35/384         0       500/1113  125/192  -2187/6784    11/84     0
                 | 5179/57600       0      7571/16695 393/640 -92097/339200 187/2100 1/40
            """);

    public Dopri5() {
        this(1e-5, 1e-6, 10_000);
    }

    public Dopri5 {
        Ranges.check(Dopri5.class, relativeTolerance, absoluteTolerance, maxSteps);
    }

    @Override
    public Solution integrate(VelocityField b, INDArray x, double from, double to) {
        INDArray state = x.dup();
        double t = from;
        int accepted = 0;
        if (from == to) {
            return new Solution(state, accepted, true);
        }
        INDArray slope = b.at(t, state);
        double h = firstStep(b, state, slope, from, to);
        for (int trial = 0; trial < maxSteps; trial++) {
            boolean last = Math.abs(h) >= Math.abs(to - t);
            if (last) {
                h = to - t;
            } else if (!(Math.abs(h) > 10 * Math.ulp(t))) {
                break;
            }
            INDArray[] k = RungeKutta.stages(TABLEAU, b, t, h, state, Optional.of(slope));
            INDArray next = RungeKutta.advance(state, h, TABLEAU.b(), k);
            double error = error(state, next, h, k);
            if (error <= 1) {
                accepted++;
                state = next;
                if (last) {
                    return new Solution(state, accepted, true);
                }
                t += h;
                slope = k[k.length - 1]; // the last stage was taken at the end of the step
            } else {
                next.close(); // b has not seen it
            }
            h *= Double.isFinite(error) ? Math.min(10, Math.max(.2, .9 * Math.pow(error, -1. / 5))) : .2;
        }
        return new Solution(state, accepted, false);
    }

    @Override
    public int order() {
        return TABLEAU.order();
    }

    private double firstStep(VelocityField b, INDArray x, INDArray slope, double from, double to) {
        INDArray scale = scale(Transforms.abs(x));
        double size = norm(x, scale);
        double speed = norm(slope, scale);
        double guess = size < 1e-5 || speed < 1e-5 ? 1e-6 : .01 * size / speed;
        guess = Math.copySign(Math.min(guess, Math.abs(to - from)), to - from);
        INDArray ahead = b.at(from + guess, RungeKutta.advance(x, guess, new double[] {1}, new INDArray[] {slope}));
        double bend = norm(ahead.sub(slope), scale) / Math.abs(guess);
        double steepest = Math.max(speed, bend);
        double step = steepest <= 1e-15 ? Math.max(1e-6, Math.abs(guess) * 1e-3) : Math.pow(.01 / steepest, 1. / 5);
        return Math.copySign(Math.min(100 * Math.abs(guess), step), to - from);
    }

    private double error(INDArray before, INDArray after, double h, INDArray[] k) {
        double[] weights = TABLEAU.b().clone();
        double[] embedded = TABLEAU.embedded().orElseThrow();
        for (int i = 0; i < weights.length; i++) {
            weights[i] -= embedded[i];
        }
        try (INDArray zero = before.like();
                INDArray error = RungeKutta.advance(zero, h, weights, k);
                INDArray size = Transforms.abs(before);
                INDArray sizeAfter = Transforms.abs(after);
                INDArray scale = scale(Transforms.max(size, sizeAfter))) {
            return norm(error, scale);
        }
    }

    private INDArray scale(INDArray magnitude) {
        return magnitude.muli(relativeTolerance).addi(absoluteTolerance);
    }

    /** The root mean square of x / scale, summed in one order: ND4J's own sums depend on the number of threads, and so would the steps. */
    private static double norm(INDArray x, INDArray scale) {
        double[] ratios;
        try (INDArray divided = x.div(scale);
                INDArray inOrder = divided.dup('c')) {
            ratios = inOrder.data().asDouble();
        }
        double sum = 0;
        for (double ratio : ratios) {
            sum += ratio * ratio;
        }
        return Math.sqrt(sum / ratios.length);
    }
}
