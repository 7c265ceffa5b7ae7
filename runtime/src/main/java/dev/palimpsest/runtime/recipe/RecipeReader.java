package dev.palimpsest.runtime.recipe;

import dev.palimpsest.runtime.data.DataSource;
import dev.palimpsest.runtime.evaluate.Metric;
import dev.palimpsest.runtime.plugin.Extension;
import dev.palimpsest.runtime.plugin.Extensions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a recipe: the defaults, under the file and all that it extends, under the overrides of the command line, bound to records by their declared
 * types.
 */
public final class RecipeReader {
    /** What recipes can name that the runtime itself brings. */
    public static final List<Class<?>> OWN_KINDS = List.of(DataSource.class, Metric.class);

    /** The key whose default is the name of the file. */
    static final String NAME = "name";

    private final Extensions extensions;

    /** @param extensions what a recipe can name */
    public RecipeReader(Extensions extensions) {
        this.extensions = extensions;
    }

    /**
     * Reads a file.
     *
     * @param file in YAML
     * @param overrides such as {@code solver.steps=32}
     * @throws RecipeException with everything that is wrong, each at its place
     */
    public ReadRecipe read(Path file, List<String> overrides) {
        Problems problems = new Problems();
        Optional<Node.Mapping> written = new RecipeFiles(defaults(file, problems), problems).read(file);
        if (written.isEmpty()) {
            problems.throwIfAny();
        }
        Node.Mapping complete = new Overrides(problems).laidOver(written.orElseThrow(), overrides);
        Optional<Recipe> recipe = new Binder(extensions, problems).recipe(complete);
        problems.throwIfAny();
        return recipe.map(bound -> new ReadRecipe(bound, new RecipeWriter(extensions).yaml(bound)))
                .orElseThrow();
    }

    /**
     * Makes one extension, of its defaults and of keys that are laid over them.
     *
     * @param overrides such as {@code blur.sigma=2}, which begin with the extension's name
     * @throws RecipeException with everything that is wrong
     */
    public <T> T extension(Extension<T> extension, List<String> overrides) {
        Problems problems = new Problems();
        String name = extension.name();
        Place place = Source.commandLine(name).whole();
        Node.Scalar type = new Node.Scalar(place, name, true);
        Node.Mapping defaults = new Node.Mapping(place, Map.of(name, new Node.Entry(place, type)));
        Node complete = new Overrides(problems)
                .laidOver(defaults, overrides)
                .value(name)
                .orElse(type);
        Optional<Object> made = new Binder(extensions, problems).extension(extension.kind(), name, complete);
        problems.throwIfAny();
        return extension.kind().cast(made.orElseThrow());
    }

    /** The keys that a recipe need not give; its name is that of its file. */
    private static Node.Mapping defaults(Path file, Problems problems) {
        Source source = Source.defaults();
        Node.Mapping common = new TreeReader(mark -> source.whole(), problems)
                .read(defaults())
                .map(Node.Mapping.class::cast)
                .orElseThrow();
        Place start = new Place(Source.file(file, 0), 1, 1);
        String name = String.valueOf(file.toAbsolutePath().getFileName())
                .replaceFirst("\\.ya?ml$", "")
                .replaceAll("[^A-Za-z0-9._-]+", "-");
        Map<String, Node.Entry> entries = new LinkedHashMap<>(common.entries());
        entries.put(NAME, new Node.Entry(start, new Node.Scalar(start, name, false)));
        return new Node.Mapping(common.at(), entries);
    }

    /** The keys that all recipes are laid over, as YAML. */
    static String defaults() {
        try (InputStream in = RecipeReader.class.getResourceAsStream("defaults.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
