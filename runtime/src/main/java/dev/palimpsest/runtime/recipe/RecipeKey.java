package dev.palimpsest.runtime.recipe;

import com.google.gson.JsonElement;
import dev.palimpsest.runtime.plugin.Key;
import java.util.Optional;

/**
 * A key of a recipe, as users see it.
 *
 * @param inherited what it is in what all recipes are laid over
 * @param usual what it is where a recipe does not say, as a recipe would; empty if nothing can be written for that
 * @param required whether a recipe has to give it
 */
public record RecipeKey(Key key, Optional<JsonElement> inherited, Optional<JsonElement> usual, boolean required) {}
