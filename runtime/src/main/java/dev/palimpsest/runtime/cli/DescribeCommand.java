package dev.palimpsest.runtime.cli;

import dev.palimpsest.api.Doc;
import dev.palimpsest.runtime.plugin.Extension;
import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.recipe.RecipeKey;
import dev.palimpsest.runtime.recipe.Vocabulary;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** describe [NAME]. */
final class DescribeCommand implements Command {
    private static final String RECIPE = "recipe";

    @Override
    public String name() {
        return "describe";
    }

    @Override
    public String arguments() {
        return "[NAME]";
    }

    @Override
    public String summary() {
        return "shows the keys of an extension, of a section such as train, or of a whole recipe; without a name, all there are";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "palimpsest describe  # everything that recipes can name",
                "palimpsest describe random-mask",
                "palimpsest describe train");
    }

    @Override
    public int run(CommandLine line, Session session) {
        List<String> names = arguments(line, 0, 1);
        try (Plugins plugins = session.plugins(line)) {
            Vocabulary vocabulary = new Vocabulary(plugins);
            Map<String, List<RecipeKey>> sections = sections(vocabulary);
            if (names.isEmpty()) {
                list(plugins, sections, session.out());
            } else {
                describe(names.get(0), plugins, vocabulary, sections, session.out());
            }
            return ExitCode.DONE;
        }
    }

    private static Map<String, List<RecipeKey>> sections(Vocabulary vocabulary) {
        Map<String, List<RecipeKey>> sections = vocabulary.sections();
        sections.put(RECIPE, vocabulary.recipe());
        return sections;
    }

    private static void describe(
            String name,
            Plugins plugins,
            Vocabulary vocabulary,
            Map<String, List<RecipeKey>> sections,
            PrintStream out) {
        List<Extension<?>> all =
                kinds().<Extension<?>>flatMap(kind -> plugins.of(kind).stream()).toList();
        List<Extension<?>> named =
                all.stream().filter(extension -> extension.name().equals(name)).toList();
        Optional<List<RecipeKey>> section = Optional.ofNullable(sections.get(name));
        if (named.isEmpty() && section.isEmpty()) {
            List<String> known = new ArrayList<>(sections.keySet());
            all.forEach(extension -> known.add(extension.name()));
            throw new UsageException(unknown(name, known));
        }
        section.ifPresent(keys -> {
            out.println(name + ": keys of " + (name.equals(RECIPE) ? "a recipe" : "a recipe's section"));
            keys.forEach(key -> out.println("  " + KeyLine.of(key)));
        });
        for (Extension<?> extension : named) {
            out.println(extension.name() + ": " + extension.kind().getSimpleName() + ", from " + extension.plugin());
            doc(extension).ifPresent(text -> out.println("  " + text));
            vocabulary.of(extension).forEach(key -> out.println("  " + KeyLine.of(key)));
        }
    }

    private static void list(Plugins plugins, Map<String, List<RecipeKey>> sections, PrintStream out) {
        sections.forEach((name, keys) -> out.println(
                name + ": " + keys.stream().map(key -> key.key().name()).collect(Collectors.joining(", "))));
        kinds().forEach(kind -> {
            out.println(kind.getSimpleName());
            plugins.of(kind)
                    .forEach(extension -> out.println("  " + extension.name()
                            + doc(extension).map(text -> ": " + text).orElse("")));
        });
    }

    /** All kinds of extensions, those of plugins first. */
    static Stream<Class<?>> kinds() {
        return Stream.concat(Plugins.KINDS.stream(), Session.OWN_KINDS.stream());
    }

    /** What it does, if it says so. */
    static Optional<String> doc(Extension<?> extension) {
        return Optional.ofNullable(extension.type().getAnnotation(Doc.class)).map(Doc::value);
    }

    private static String unknown(String name, List<String> all) {
        String nearest = all.stream()
                .min(Comparator.comparing(
                        other -> LevenshteinDistance.getDefaultInstance().apply(name, other)))
                .orElseThrow();
        String known = all.stream().sorted().distinct().collect(Collectors.joining(", "));
        return "nothing is called \"" + name + "\"; did you mean \"" + nearest + "\"? There are: " + known;
    }
}
