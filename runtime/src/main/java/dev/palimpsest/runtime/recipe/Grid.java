package dev.palimpsest.runtime.recipe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A grid of recipes: files, and arguments such as {@code solver.type=euler,midpoint solver.steps=4,8}. An argument with several values, which commas
 * outside of brackets and quotes part, is an axis, the first of them the outermost; one with a single value holds for all cells. Several files are an axis
 * too, outside of all others.
 */
public final class Grid {
    private static final int MOST_RECIPES = 1000;
    private static final String SEED = "seed";

    private static final String RECIPE = "recipe";

    private final RecipeReader reader;
    private final List<Path> files;
    private final List<Argument> arguments;
    private final List<Cell> cells;

    /**
     * A recipe of the grid.
     *
     * @param file its recipe's
     * @param values what it has on each axis, as it was written, by key and in the order of the axes
     */
    public record Cell(Path file, Map<String, String> values, ReadRecipe recipe) {
        /** Its values, as they would be overrides: {@code solver.type=euler solver.steps=4}. */
        public String name() {
            return Grid.name(values);
        }
    }

    private Grid(RecipeReader reader, List<Path> files, List<Argument> arguments, List<Cell> cells) {
        this.reader = reader;
        this.files = files;
        this.arguments = arguments;
        this.cells = cells;
    }

    /**
     * Reads all cells.
     *
     * @throws RecipeException with everything that is wrong in any of them, each naming its cell; also if a key is given twice, a value is empty, two
     *     cells are the same recipe, or there are more than 1000
     */
    public static Grid read(RecipeReader reader, List<Path> files, List<String> written) {
        List<Argument> arguments = written.stream().map(Argument::of).toList();
        Problems problems = new Problems();
        Set<String> keys = new HashSet<>();
        for (Argument argument : arguments) {
            argument.check(problems);
            if (!keys.add(argument.key())) {
                problems.add(
                        Source.commandLine(argument.key()).whole(),
                        "is given twice; give all of its values at once, as in " + argument.key() + "=a,b");
            }
        }
        checkCount(files.size(), arguments, problems);
        problems.throwIfAny();
        return new Grid(reader, List.copyOf(files), arguments, cells(reader, files, arguments));
    }

    /** The keys of the axes, the outermost first. */
    public List<String> axes() {
        return Stream.concat(
                        files.size() > 1 ? Stream.of(RECIPE) : Stream.empty(),
                        arguments.stream().filter(Argument::isAxis).map(Argument::key))
                .toList();
    }

    /** The innermost axis runs fastest; without an axis there is one cell. */
    public List<Cell> cells() {
        return cells;
    }

    /**
     * A cell's recipe with its own seed, the next, and so on.
     *
     * @throws RecipeException if the seed is an axis, or there would be more than 1000 recipes in all
     */
    public List<ReadRecipe> seeded(Cell cell, int seeds) {
        if (seeds == 1) {
            return List.of(cell.recipe());
        }
        Problems problems = new Problems();
        if (cell.values().containsKey(SEED)) {
            problems.add(
                    Source.commandLine(SEED).whole(),
                    "is an axis of the grid, so that its cells cannot have " + seeds
                            + " seeds each; leave out one of the two");
        }
        if ((long) seeds * cells.size() > MOST_RECIPES) {
            problems.add(
                    Source.commandLine(SEED).whole(),
                    cells.size() + " cells with " + seeds + " seeds each are too many; expected at most " + MOST_RECIPES
                            + " runs in all");
        }
        problems.throwIfAny();
        long first = cell.recipe().recipe().seed();
        return LongStream.range(0, seeds)
                .mapToObj(k -> {
                    List<String> overrides = overrides(arguments, cell.values());
                    overrides.removeIf(override -> override.startsWith(SEED + "="));
                    overrides.add(SEED + "=" + (first + k));
                    return reader.read(cell.file(), overrides);
                })
                .toList();
    }

    private static void checkCount(int files, List<Argument> arguments, Problems problems) {
        double count = arguments.stream()
                .mapToDouble(argument -> argument.values().size())
                .reduce(files, (a, b) -> a * b);
        if (count > MOST_RECIPES) {
            problems.add(
                    Source.commandLine(arguments.stream()
                                    .filter(Argument::isAxis)
                                    .map(Argument::key)
                                    .collect(Collectors.joining(", ")))
                            .whole(),
                    String.format(
                            "the grid has %.0f cells; expected at most %d: take fewer values, or compare in parts",
                            count, MOST_RECIPES));
        }
    }

    private static List<Cell> cells(RecipeReader reader, List<Path> files, List<Argument> arguments) {
        List<Map<String, String>> points = points(files, arguments);
        List<Cell> cells = new ArrayList<>();
        Map<String, List<String>> cellsOfProblem = new LinkedHashMap<>();
        Map<String, String> cellOfRecipe = new HashMap<>();
        for (int i = 0; i < points.size(); i++) {
            Map<String, String> point = points.get(i);
            Path file = files.get(i / (points.size() / files.size()));
            try {
                Cell cell = new Cell(file, point, reader.read(file, overrides(arguments, point)));
                String same = cellOfRecipe.putIfAbsent(cell.recipe().resolved(), cell.name());
                if (same != null) {
                    throw new RecipeException(
                            List.of("the cell " + same + " is the same recipe; leave out one of the two"));
                }
                cells.add(cell);
            } catch (RecipeException e) {
                e.problems()
                        .forEach(problem -> cellsOfProblem
                                .computeIfAbsent(problem, p -> new ArrayList<>())
                                .add(name(point)));
            }
        }
        if (!cellsOfProblem.isEmpty()) {
            throw new RecipeException(cellsOfProblem.entrySet().stream()
                    .map(problem -> problem.getKey() + where(problem.getValue(), points.size()))
                    .toList());
        }
        return List.copyOf(cells);
    }

    private static String where(List<String> names, int cells) {
        if (names.size() == cells) {
            return "";
        }
        return " (in the cell " + names.get(0) + (names.size() > 1 ? " and " + (names.size() - 1) + " more" : "") + ")";
    }

    private static List<Map<String, String>> points(List<Path> files, List<Argument> arguments) {
        List<Map<String, String>> points = files.size() == 1
                ? List.of(Map.of())
                : files.stream().map(file -> Map.of(RECIPE, file.toString())).toList();
        for (Argument axis : arguments) {
            if (axis.isAxis()) {
                points = points.stream()
                        .flatMap(point -> axis.values().stream().map(value -> {
                            Map<String, String> longer = new LinkedHashMap<>(point);
                            longer.put(axis.key(), value);
                            return longer;
                        }))
                        .toList();
            }
        }
        return points;
    }

    private static List<String> overrides(List<Argument> arguments, Map<String, String> point) {
        return arguments.stream()
                .map(argument ->
                        argument.isAxis() ? argument.key() + "=" + point.get(argument.key()) : argument.written())
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static String name(Map<String, String> values) {
        return values.entrySet().stream()
                .map(value -> value.getKey() + "=" + value.getValue())
                .collect(Collectors.joining(" "));
    }

    /** One argument; what has no "=" is left to the reader of recipes to refuse. */
    private record Argument(String written, String key, List<String> values) {
        static Argument of(String written) {
            int equals = written.indexOf('=');
            return equals < 0
                    ? new Argument(written, written, List.of(written))
                    : new Argument(written, written.substring(0, equals), split(written.substring(equals + 1)));
        }

        boolean isAxis() {
            return values.size() > 1;
        }

        void check(Problems problems) {
            int empty = values.indexOf("");
            if (empty >= 0) {
                problems.add(
                        Source.commandLine(key).whole(),
                        isAxis()
                                ? "value " + (empty + 1) + " of " + values.size()
                                        + " is empty; expected values parted by single commas"
                                : "has no value");
            }
        }

        /** At the commas outside of brackets and quotes; a quote counts as one only where a value of YAML may begin. */
        private static List<String> split(String text) {
            List<String> parts = new ArrayList<>();
            int depth = 0;
            int from = 0;
            char quote = 0;
            boolean valueMayBegin = true;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (quote != 0) {
                    boolean escape = quote == '"' && c == '\\' || quote == '\'' && text.startsWith("''", i);
                    if (escape) {
                        i++;
                    } else if (c == quote) {
                        quote = 0;
                    }
                } else if (valueMayBegin && (c == '"' || c == '\'')) {
                    quote = c;
                } else if (c == '[' || c == '{') {
                    depth++;
                } else if (c == ']' || c == '}') {
                    depth--;
                } else if (c == ',' && depth == 0) {
                    parts.add(text.substring(from, i).strip());
                    from = i + 1;
                }
                valueMayBegin = c == ' ' ? valueMayBegin : ",[{:".indexOf(c) >= 0;
            }
            parts.add(text.substring(from).strip());
            return parts;
        }
    }
}
