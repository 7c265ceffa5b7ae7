package dev.palimpsest.runtime.recipe;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.palimpsest.runtime.plugin.Extension;
import dev.palimpsest.runtime.plugin.Extensions;
import dev.palimpsest.runtime.plugin.Key;
import dev.palimpsest.runtime.plugin.KeyType;
import dev.palimpsest.runtime.plugin.Records;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys that a recipe can give, with what they are where it does not: the defaults of the records under those of all recipes. */
public final class Vocabulary {
    private final RecipeWriter writer;

    /** @param extensions what a recipe can name */
    public Vocabulary(Extensions extensions) {
        this.writer = new RecipeWriter(extensions);
    }

    /** The keys at the top of a recipe, without {@code extends}. */
    public List<RecipeKey> recipe() {
        return keys(Recipe.class, Optional.empty(), JsonValues.read(RecipeReader.defaults())).stream()
                .map(key -> key.key().name().equals(RecipeReader.NAME)
                        ? new RecipeKey(key.key(), Optional.empty(), Optional.empty(), false)
                        : key)
                .toList();
    }

    /** The keys of each section of a recipe that is not an extension, by its name. */
    public Map<String, List<RecipeKey>> sections() {
        Map<String, List<RecipeKey>> sections = new LinkedHashMap<>();
        for (RecipeKey key : recipe()) {
            if (key.key().type() instanceof KeyType.Section section) {
                sections.put(key.key().name(), keys(section.type(), key.key().usual(), written(key.inherited())));
            }
        }
        return sections;
    }

    /** The keys of an extension, without its type. */
    public List<RecipeKey> of(Extension<?> extension) {
        return Key.of(extension).stream()
                .map(key -> described(key, new JsonObject()))
                .toList();
    }

    /**
     * The keys of a record.
     *
     * @param usual the record that holds the defaults, if it is not that of the no-argument constructor
     * @param written what all recipes are laid over
     */
    List<RecipeKey> keys(Class<?> type, Optional<Object> usual, JsonObject written) {
        return Key.of(type, usual.or(() -> Records.defaults(type))).stream()
                .map(key -> described(key, written))
                .toList();
    }

    /** The keys that are written for a section; none if there are none. */
    static JsonObject written(Optional<JsonElement> section) {
        return section.filter(JsonElement::isJsonObject)
                .map(JsonElement::getAsJsonObject)
                .orElseGet(JsonObject::new);
    }

    private RecipeKey described(Key key, JsonObject written) {
        Optional<JsonElement> inherited = Optional.ofNullable(written.get(key.name()));
        Optional<JsonElement> usual = inherited.or(() -> key.usual()
                .flatMap(value -> writer.node(key.component().getGenericType(), value))
                .map(JsonValues::of));
        return new RecipeKey(key, inherited, usual, key.required() && inherited.isEmpty());
    }
}
