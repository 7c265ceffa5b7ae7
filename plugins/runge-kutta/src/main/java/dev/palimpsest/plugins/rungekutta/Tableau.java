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
 * Any explicit Runge-Kutta method, given by its picture in the textbook, see {@link ButcherTableau#parse}.
 *
 * <p>Its grid is t_i = to + (from - to) (1 - i/N)^refinement; it gives up, with the last finite state, if a step does not end in finite values. A row
 * of embedded weights is read and not used.
 *
 * @param tableau a line a stage, "node | coefficients", then "| weights"
 * @param steps N
 * @param refinement 1 for equal steps; above 1 the steps are shorter towards the end
 */
@Name("tableau")
@Doc("Any explicit Runge-Kutta method, given by its Butcher tableau.")
public record Tableau(
        @Doc("The Butcher tableau: a line a stage, \"node | coefficients\", then \"| weights\".")
        String tableau,

        @Doc("Number of steps N.") @Range(min = 1) int steps,

        @Doc(
                "Exponent of the grid t_i = (1 - i/N)^refinement: 1 for equal steps, above 1 for shorter ones towards clean data.")
        @Range(above = 0)
        double refinement)
        implements OdeSolver {
    private static final String RALSTON = """
             0  |
            2/3 | 2/3
                | 1/4 3/4
            """;

    public Tableau() {
        this(RALSTON, 16, 1.5);
    }

    public Tableau {
        Ranges.check(Tableau.class, tableau, steps, refinement);
        ButcherTableau.parse(tableau);
    }

    @Override
    public Solution integrate(VelocityField b, INDArray x, double from, double to) {
        return RungeKutta.along(RungeKutta.grid(from, to, steps, refinement), ButcherTableau.parse(tableau), b, x);
    }

    @Override
    public int order() {
        return ButcherTableau.parse(tableau).order();
    }
}
