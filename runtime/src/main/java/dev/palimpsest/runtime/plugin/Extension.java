package dev.palimpsest.runtime.plugin;

/**
 * One thing that a recipe can name.
 *
 * @param kind the interface that it implements, such as ForwardModel
 * @param name its name in recipes
 * @param type its record class: the components are the recipe keys, the no-argument constructor holds the defaults
 * @param plugin the id of the plugin that brought it; "palimpsest" for what the runtime itself brings
 */
public record Extension<T>(Class<T> kind, String name, Class<? extends T> type, String plugin) {}
