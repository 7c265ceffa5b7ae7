package dev.palimpsest.runtime.recipe;

/**
 * A recipe as it was bound.
 *
 * @param recipe the records
 * @param resolved a recipe as YAML that gives the same records from any folder: every default written out, every path absolute
 */
public record ReadRecipe(Recipe recipe, String resolved) {}
