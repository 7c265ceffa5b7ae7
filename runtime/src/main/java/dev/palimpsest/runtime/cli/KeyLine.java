package dev.palimpsest.runtime.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import dev.palimpsest.api.Ranges;
import dev.palimpsest.runtime.recipe.RecipeKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A key on one line: {@code sigma (number, at least 0; default 0.5) Standard deviation of the noise.} */
final class KeyLine {
    private KeyLine() {}

    static String of(RecipeKey key) {
        String usual = usual(key).map(value -> "default " + value).orElse(key.required() ? "required" : "optional");
        return (key.key().name() + " (" + type(key) + "; " + usual + ") "
                        + key.key().doc())
                .strip();
    }

    /** What can be written for it. */
    static String type(RecipeKey key) {
        return key.key().type().inWords()
                + key.key().range().map(range -> ", " + Ranges.describe(range)).orElse("");
    }

    /** What it is where a recipe does not say, as a recipe could have it. */
    static Optional<String> usual(RecipeKey key) {
        return key.usual().map(KeyLine::yaml);
    }

    /** As a recipe could have it, on one line. */
    private static String yaml(JsonElement value) {
        if (value.isJsonArray()) {
            return value.getAsJsonArray().asList().stream()
                    .map(KeyLine::yaml)
                    .collect(Collectors.joining(", ", "[", "]"));
        }
        if (value.isJsonObject()) {
            List<String> entries = new ArrayList<>();
            value.getAsJsonObject().asMap().forEach((key, inner) -> entries.add(key + ": " + yaml(inner)));
            return "{" + String.join(", ", entries) + "}";
        }
        JsonPrimitive scalar = value.getAsJsonPrimitive();
        return scalar.isString() && scalar.getAsString().matches("[A-Za-z][A-Za-z0-9-]*")
                ? scalar.getAsString()
                : scalar.toString();
    }
}
