package dev.palimpsest.runtime.plugin;

import dev.palimpsest.api.Name;
import java.util.Locale;

/** How classes are called in recipes and in messages. */
final class Names {
    private static final String BETWEEN_WORDS = "(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[0-9])(?=[A-Z][a-z])";

    private Names() {}

    /** The {@link Name}, or the class name in kebab-case: XMLBlur becomes xml-blur. */
    static String inRecipes(Class<?> type) {
        Name name = type.getAnnotation(Name.class);
        return name == null ? kebab(type.getSimpleName()) : name.value();
    }

    static String kebab(String name) {
        return String.join("-", name.split(BETWEEN_WORDS)).toLowerCase(Locale.ROOT);
    }

    /** ForwardModel becomes "forward model". */
    static String inWords(Class<?> kind) {
        return kebab(kind.getSimpleName()).replace('-', ' ');
    }
}
