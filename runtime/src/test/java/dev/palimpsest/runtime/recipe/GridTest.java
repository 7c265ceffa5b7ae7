package dev.palimpsest.runtime.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GridTest {
    private static final String BASE =
            "data: gaussian\nforward: {type: random-mask, noise: 0.5}\ndrift: still\nseed: 5\n";

    @TempDir
    Path temporary;

    private Path file;

    @BeforeEach
    void a_recipe() throws IOException {
        file = new RecipeFolder(temporary).write("base.yaml", BASE);
    }

    private Grid read(String... arguments) {
        return Grid.read(new RecipeReader(new Parts()), List.of(file), List.of(arguments));
    }

    private List<String> problems(String... arguments) {
        return catchThrowableOfType(RecipeException.class, () -> read(arguments))
                .problems();
    }

    private static String sequence(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).collect(Collectors.joining(","));
    }

    @Test
    void the_first_axis_is_the_outermost() {
        Grid grid = read("solver.type=euler,midpoint", "train.batch=32", "solver.steps=4,8");
        assertThat(grid.axes()).containsExactly("solver.type", "solver.steps");
        assertThat(grid.cells())
                .extracting(Grid.Cell::name)
                .containsExactly(
                        "solver.type=euler solver.steps=4",
                        "solver.type=euler solver.steps=8",
                        "solver.type=midpoint solver.steps=4",
                        "solver.type=midpoint solver.steps=8");
        assertThat(grid.cells())
                .allSatisfy(cell ->
                        assertThat(cell.recipe().recipe().train().batch()).isEqualTo(32));
        assertThat(grid.cells().get(3).recipe().recipe().solver()).isEqualTo(new Parts.Midpoint(8, 1.5));
        assertThat(grid.cells().get(1).values())
                .containsExactly(Map.entry("solver.type", "euler"), Map.entry("solver.steps", "8"));
    }

    @Test
    void several_recipes_are_the_outermost_axis_and_every_cell_has_its_own() throws IOException {
        Path other = new RecipeFolder(temporary).write("other.yaml", BASE + "train: {batch: 16}\n");
        Grid grid =
                Grid.read(new RecipeReader(new Parts()), List.of(file, other), List.of("seed=1,2", "train.steps=10"));
        assertThat(grid.axes()).containsExactly("recipe", "seed");
        assertThat(grid.cells())
                .extracting(Grid.Cell::name)
                .containsExactly(
                        "recipe=" + file + " seed=1",
                        "recipe=" + file + " seed=2",
                        "recipe=" + other + " seed=1",
                        "recipe=" + other + " seed=2");
        assertThat(grid.cells())
                .extracting(cell -> cell.recipe().recipe().train().batch())
                .containsExactly(64, 64, 16, 16);
        Grid alone = Grid.read(new RecipeReader(new Parts()), List.of(file, other), List.of());
        assertThat(alone.seeded(alone.cells().get(1), 2))
                .extracting(read -> read.recipe().train().batch())
                .as("each seed of a cell has its recipe")
                .containsExactly(16, 16);
        assertThat(catchThrowableOfType(
                                RecipeException.class,
                                () -> Grid.read(new RecipeReader(new Parts()), List.of(file, file), List.of()))
                        .problems())
                .singleElement()
                .asString()
                .contains("is the same recipe");
    }

    @Test
    void a_grid_without_an_axis_has_one_cell() {
        assertThat(read("train.batch=32").cells()).singleElement().satisfies(cell -> {
            assertThat(cell.values()).isEmpty();
            assertThat(cell.recipe().recipe().train().batch()).isEqualTo(32);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    solver={type: euler, steps: 40},{type: midpoint, steps: 8}  | {type: euler, steps: 40} ; {type: midpoint, steps: 8}
                    drift.multipliers=[1],[1, 2],[1,2,4]                        | [1] ; [1, 2] ; [1,2,4]
                    name="one","two"                                            | "one" ; "two"
                    name=a,b , c                                                | a ; b ; c
                    evaluate.metrics=[{type: moments}],[psnr, moments]          | [{type: moments}] ; [psnr, moments]
                    """)
    void commas_inside_of_brackets_do_not_part_values(String argument, String values) {
        assertThat(read(argument).cells())
                .extracting(cell -> cell.values().values().iterator().next())
                .containsExactly(values.split(" ; "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    data="a,b",c                | "a,b" ; c
                    data='a,[b',c               | 'a,[b' ; c
                    data='it''s, so',c          | 'it''s, so' ; c
                    data="a\\",b",c             | "a\\",b" ; c
                    data=it's,c'                | it's ; c'
                    data=[it's,'a]'],c          | [it's,'a]'] ; c
                    """)
    void commas_inside_of_quotes_do_not_part_values(String argument, String values) {
        String[] parts = values.split(" ; ");
        assertThat(problems(argument))
                .as("one problem for each value, each naming its cell")
                .hasSize(parts.length)
                .allSatisfy(problem -> assertThat(parts)
                        .anySatisfy(part -> assertThat(problem).endsWith("(in the cell data=" + part + ")")));
    }

    @Test
    void a_mistake_in_some_cells_is_told_once_with_the_first_of_them() {
        assertThat(problems("solver.type=euler,midpont", "solver.steps=4,8", "train.batch=0"))
                .containsExactly(
                        "command line: train.batch: batch must be at least 1, got 0",
                        "command line: solver.type: unknown type \"midpont\"; did you mean \"midpoint\"?"
                                + " (in the cell solver.type=midpont solver.steps=4 and 1 more)");
    }

    @Test
    void an_empty_value_is_an_error() {
        assertThat(problems("solver.steps=4,,8", "train.batch=", "train.steps=8,"))
                .containsExactly(
                        "command line: solver.steps: value 2 of 3 is empty; expected values parted by single commas",
                        "command line: train.batch: has no value",
                        "command line: train.steps: value 2 of 2 is empty; expected values parted by single commas");
    }

    @Test
    void a_key_that_is_given_twice_is_an_error() {
        assertThat(problems("solver.steps=4,8", "solver.steps=16"))
                .containsExactly(
                        "command line: solver.steps: is given twice; give all of its values at once, as in solver.steps=a,b");
    }

    @Test
    void the_same_recipe_twice_is_an_error() {
        assertThat(problems("solver.steps=4,8,04"))
                .containsExactly(
                        "the cell solver.steps=4 is the same recipe; leave out one of the two (in the cell solver.steps=04)");
    }

    @Test
    void a_million_cells_are_one_error_at_once() {
        assertThat(problems("solver.steps=" + sequence(1, 1001), "train.steps=" + sequence(1, 1001)))
                .containsExactly(
                        "command line: solver.steps, train.steps: the grid has 1000000 cells; expected at most 1000: take fewer values, or compare in parts");
        assertThat(problems(Collections.nCopies(400, "a=1,2").toArray(String[]::new)))
                .anySatisfy(problem -> assertThat(problem).contains("expected at most 1000"));
    }

    @Test
    void an_argument_without_a_value_is_an_error() {
        assertThat(problems("solver.steps"))
                .containsExactly("command line: \"solver.steps\": expected key=value, such as solver.steps=32");
    }

    @Test
    void the_seeds_of_a_cell_follow_its_own() {
        Grid grid = read("solver.steps=4,8", "seed=11");
        assertThat(grid.seeded(grid.cells().get(1), 3))
                .extracting(read -> read.recipe().seed())
                .containsExactly(11L, 12L, 13L);
        assertThat(grid.seeded(grid.cells().get(1), 3))
                .extracting(read -> read.recipe().solver())
                .containsOnly(new Parts.Midpoint(8, 1.5));
        Grid unseeded = read();
        assertThat(unseeded.seeded(unseeded.cells().get(0), 2))
                .extracting(read -> read.recipe().seed())
                .containsExactly(5L, 6L);
    }

    @Test
    void several_seeds_do_not_go_with_an_axis_of_seeds_or_with_too_many_cells() {
        Grid seeds = read("seed=1,2");
        assertThat(catchThrowableOfType(
                                RecipeException.class,
                                () -> seeds.seeded(seeds.cells().get(0), 2))
                        .problems())
                .containsExactly(
                        "command line: seed: is an axis of the grid, so that its cells cannot have 2 seeds each; leave out one of the two");
        Grid many = read("train.steps=" + sequence(1, 101));
        assertThat(catchThrowableOfType(
                                RecipeException.class,
                                () -> many.seeded(many.cells().get(0), 11))
                        .problems())
                .containsExactly(
                        "command line: seed: 100 cells with 11 seeds each are too many; expected at most 1000 runs in all");
    }
}
