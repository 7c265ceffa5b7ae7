package dev.palimpsest.runtime.cli;

import dev.palimpsest.runtime.plugin.Extension;
import dev.palimpsest.runtime.plugin.KeyType;
import dev.palimpsest.runtime.plugin.Plugins;
import dev.palimpsest.runtime.recipe.RecipeKey;
import dev.palimpsest.runtime.recipe.Vocabulary;
import java.util.List;

/** Every key that a recipe can give, as a page of Markdown. */
final class RecipeReference {
    private static final String HEAD = """
            # Recipes: all keys

            `palimpsest schema --markdown --plugins plugins-contrib` writes this page; with your own `--plugins` it has yours too, and `palimpsest describe NAME` shows one entry.

            A recipe is a YAML file. Where a *data source*, a *forward model*, a *drift architecture* and the like stands, the value is the name of a type, `linear`, or a type with its keys,
            `{type: linear, gain: 0.5}`. A recipe with `extends: base.yaml` has all keys of that one but those that it gives itself. On the command line `key=value` sets one key, and dots
            lead into sections, `solver.steps=32`. Paths are relative to the file that they stand in, on the command line to the working directory.
            """;

    private final Plugins plugins;
    private final Vocabulary vocabulary;
    private final StringBuilder text = new StringBuilder(HEAD);

    private RecipeReference(Plugins plugins) {
        this.plugins = plugins;
        this.vocabulary = new Vocabulary(plugins);
    }

    /** The page, ending in a line break. */
    static String of(Plugins plugins) {
        RecipeReference reference = new RecipeReference(plugins);
        reference.text.append("\n## The keys of a recipe\n");
        reference.keys(reference.vocabulary.recipe());
        reference.vocabulary.sections().forEach((name, keys) -> {
            reference.text.append("\n## ").append(name).append('\n');
            reference.keys(keys);
        });
        DescribeCommand.kinds().forEach(reference::kind);
        return reference.text.toString();
    }

    private void kind(Class<?> kind) {
        text.append("\n## Types: ").append(KeyType.inWords(kind)).append('\n');
        for (Extension<?> extension : plugins.of(kind)) {
            text.append("\n### ").append(extension.name()).append("\n\n");
            DescribeCommand.doc(extension)
                    .ifPresent(doc -> text.append(cell(doc)).append(doc.endsWith(".") ? " " : ". "));
            text.append("From ").append(extension.plugin()).append(".\n");
            keys(vocabulary.of(extension));
        }
    }

    private void keys(List<RecipeKey> keys) {
        if (keys.isEmpty()) {
            return;
        }
        text.append("\n| key | value | default | meaning |\n| --- | --- | --- | --- |\n");
        for (RecipeKey key : keys) {
            String usual =
                    KeyLine.usual(key).map(value -> "`" + value + "`").orElse(key.required() ? "*required*" : "");
            text.append("| `%s` | %s | %s | %s |\n"
                    .formatted(
                            key.key().name(),
                            cell(KeyLine.type(key)),
                            cell(usual),
                            cell(key.key().doc())));
        }
    }

    private static String cell(String content) {
        return content.replace("|", "\\|").replace("<", "&lt;");
    }
}
