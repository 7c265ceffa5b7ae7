package dev.palimpsest.plugins.rungekutta;

import dev.palimpsest.api.ButcherTableau;
import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Name;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import dev.palimpsest.api.Solution;
import dev.palimpsest.api.VelocityField;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Euler's method: x + h b(t, x). Of order 1.
 *
 * <p>Its grid is t_i = to + (from - to) (1 - i/N)^refinement; it gives up, with the last finite state, if a step does not end in finite values.
 *
 * @param steps N
 * @param refinement 1 for equal steps; above 1 the steps are shorter towards the end
 */
@Name("euler")
@Doc("Euler's method, of order 1: one network call a step; it deletes fine detail unless the steps are many.")
public record Euler(
        @Doc("Number of steps N.") @Range(min = 1) int steps,

        @Doc(
                "Exponent of the grid t_i = (1 - i/N)^refinement: 1 for equal steps, above 1 for shorter ones towards clean data.")
        @Range(above = 0)
        double refinement)
        implements OdeSolver {
    private static final ButcherTableau TABLEAU = ButcherTableau.parse("""
             0 |
               | 1
            """);

    public Euler() {
        this(64, 1.5);
    }

    public Euler {
        Ranges.check(Euler.class, steps, refinement);
    }

    @Override
    public Solution integrate(VelocityField b, INDArray x, double from, double to) {
        return RungeKutta.along(RungeKutta.grid(from, to, steps, refinement), TABLEAU, b, x);
    }

    @Override
    public int order() {
        return TABLEAU.order();
    }
}
