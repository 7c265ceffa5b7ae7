package dev.palimpsest.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ButcherTableauTest {
    private static final String KUTTA = """
             0  |
            1/2 | 1/2
             1  | -1   2
                | 1/6 2/3 1/6
            """;

    private static final String CLASSICAL = """
             0  |
            1/2 | 1/2
            1/2 |  0  1/2
             1  |  0   0   1
                | 1/6 1/3 1/3 1/6
            """;

    private static final String DORMAND_PRINCE = """
              0  |
             1/5 |    1/5
            3/10 |    3/40        9/40
             4/5 |   44/45      -56/15      32/9
             8/9 | 19372/6561 -25360/2187 64448/6561 -212/729
              1  |  9017/3168   -355/33   46732/5247   49/176  -5103/18656
              1  |   35/384         0       500/1113  125/192  -2187/6784    11/84
                 |   35/384         0       500/1113  125/192  -2187/6784    11/84     0
                 | 5179/57600       0      7571/16695 393/640 -92097/339200 187/2100 1/40
            """;

    /** Butcher's method of order 6 with seven stages (Hairer, Nørsett, Wanner, II.5). */
    private static final String BUTCHER_SIX = """
             0  |
            1/3 |  1/3
            2/3 |   0     2/3
            1/3 |  1/12   1/3   -1/12
            1/2 | -1/16   9/8   -3/16  -3/8
            1/2 |   0     9/8   -3/8   -3/4  1/2
             1  |  9/44  -9/11  63/44  18/11  0  -16/11
                | 11/120   0    27/40  27/40 -4/15 -4/15 11/120
            """;

    @Test
    void the_picture_of_the_textbook_is_read_with_fractions_and_decimals() {
        ButcherTableau tableau = ButcherTableau.parse("""

                0   |
                0.5 | 1/2
                    | 0 1

                """);
        assertThat(tableau.stages()).isEqualTo(2);
        assertThat(tableau.a()).isDeepEqualTo(new double[][] {{}, {.5}});
        assertThat(tableau.b()).containsExactly(0, 1);
        assertThat(tableau.c()).containsExactly(0, .5);
        assertThat(tableau.embedded()).isEmpty();
        double[] embedded = ButcherTableau.parse(DORMAND_PRINCE).embedded().orElseThrow();
        assertThat(embedded[4]).isEqualTo(-92097. / 339200);
    }

    @Test
    void the_classical_methods_have_the_orders_of_the_textbook() {
        assertThat(ButcherTableau.parse("0 |\n | 1").order()).isEqualTo(1);
        assertThat(ButcherTableau.parse("0 |\n 1/2 | 1/2\n | 0 1").order()).isEqualTo(2);
        assertThat(ButcherTableau.parse("0 |\n 1 | 1\n | 1/2 1/2").order()).isEqualTo(2);
        assertThat(ButcherTableau.parse("0 |\n 2/3 | 2/3\n | 1/4 3/4").order()).isEqualTo(2);
        assertThat(ButcherTableau.parse(KUTTA).order()).isEqualTo(3);
        assertThat(ButcherTableau.parse(CLASSICAL).order()).isEqualTo(4);
        assertThat(ButcherTableau.parse(DORMAND_PRINCE).order()).isEqualTo(5);
        assertThat(ButcherTableau.parse(BUTCHER_SIX).order()).isEqualTo(6);
    }

    @Test
    void the_embedded_weights_of_dormand_and_prince_are_of_order_four() {
        ButcherTableau tableau = ButcherTableau.parse(DORMAND_PRINCE);
        ButcherTableau embedded =
                new ButcherTableau(tableau.a(), tableau.embedded().orElseThrow(), tableau.c(), Optional.empty());
        assertThat(embedded.order()).isEqualTo(4);
    }

    /** Cayley's numbers 1, 1, 2, 4, 9, 20: the order conditions of each size. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "3, 2", "4, 4", "5, 9", "6, 20"})
    void there_are_as_many_rooted_trees_as_cayley_counted(int nodes, int trees) {
        assertThat(RootedTree.ofSize(nodes))
                .hasSize(trees)
                .doesNotHaveDuplicates()
                .allMatch(t -> t.size() == nodes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "0 |~1/2 | 1/3~ | 0 1; row 2 must sum to its node 0.5, got 0.3333333333333333",
                "1/4 |~1/2 | 1/2~ | 0 1; row 1 must sum to its node 0.25, got 0.0",
                "0 |~1/2 | 1/2 0~ | 0 1; row 2 of an explicit method has 1 coefficients, got 2",
                "0 |~1/2 | 1/2~ | 0 1/2; the weights must sum to 1.0, got 0.5",
                "0 |~1/2 | 1/2~ | 0 1~ | 1/2 1; the embedded weights must sum to 1.0, got 1.5",
                "0 |~1/2 | 1/2~ | 0 1~ | 1; a tableau of 2 stages needs as many embedded weights, got 1",
                "0 |~1/2 | 1/2~ | 1; a tableau of 2 stages needs as many nodes and weights, got 2 and 1",
                "0 |~1/2 | a/2~ | 0 1; row 2: \"a/2\" is not a number or a fraction",
                "0 |~1/2 | 1/0~ | 0 1; row 2: \"1/0\" is not a number or a fraction",
                "0 |~1/2 1/2~ | 0 1; row 2 has no '|': \"1/2 1/2\"",
                "0 |~ | 1~1/2 | 1/2; row 3 has a node below the weights: \"1/2 | 1/2\"",
                "0 |~1/2 | 1/2; a tableau ends with one row of weights, and perhaps one of embedded weights, got 0"
            })
    void a_tableau_that_is_wrong_is_refused_and_its_row_is_named(String picture, String message) {
        assertThatThrownBy(() -> ButcherTableau.parse(picture.replace('~', '\n')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
