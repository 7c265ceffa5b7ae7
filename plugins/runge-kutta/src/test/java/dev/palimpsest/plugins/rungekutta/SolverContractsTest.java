package dev.palimpsest.plugins.rungekutta;

import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.testkit.contract.SolverContract;
import org.junit.jupiter.api.Nested;

class SolverContractsTest {
    @Nested
    class OfEuler implements SolverContract {
        @Override
        public OdeSolver solver() {
            return new Euler();
        }
    }

    @Nested
    class OfMidpoint implements SolverContract {
        @Override
        public OdeSolver solver() {
            return new Midpoint();
        }
    }

    @Nested
    class OfHeun implements SolverContract {
        @Override
        public OdeSolver solver() {
            return new Heun();
        }
    }

    @Nested
    class OfRk4 implements SolverContract {
        @Override
        public OdeSolver solver() {
            return new Rk4();
        }
    }

    @Nested
    class OfDopri5 implements SolverContract {
        @Override
        public OdeSolver solver() {
            return new Dopri5();
        }
    }

    @Nested
    class OfTableau implements SolverContract {
        @Override
        public OdeSolver solver() {
            return new Tableau();
        }
    }
}
