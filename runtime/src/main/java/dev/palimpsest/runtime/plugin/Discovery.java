package dev.palimpsest.runtime.plugin;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The providers of a kind that a class loader itself has.
 *
 * @param problems one for each provider that cannot be used
 */
record Discovery(List<Extension<?>> extensions, List<String> problems) {
    /** Looks for providers; a bad one never hides the others. */
    static <T> Discovery of(Class<T> kind, ClassLoader loader, String plugin) {
        List<Extension<?>> extensions = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Iterator<ServiceLoader.Provider<T>> providers =
                ServiceLoader.load(kind, loader).stream().iterator();
        boolean more = true;
        while (more) {
            try {
                more = providers.hasNext();
                if (more) {
                    ServiceLoader.Provider<T> provider = providers.next();
                    Optional<String> problem = problem(provider, kind, loader);
                    if (problem.isPresent()) {
                        problems.add(problem.get());
                    } else {
                        Class<? extends T> type = provider.type();
                        extensions.add(new Extension<>(kind, Names.inRecipes(type), type, plugin));
                    }
                }
            } catch (ServiceConfigurationError unusable) {
                problems.add(Causes.ofService(unusable, kind));
            } catch (LinkageError | TypeNotPresentException unusable) {
                problems.add(Causes.of(unusable));
            }
        }
        return new Discovery(extensions, problems);
    }

    private static <T> Optional<String> problem(ServiceLoader.Provider<T> provider, Class<T> kind, ClassLoader loader) {
        Class<? extends T> type = provider.type();
        String name = type.getName();
        if (type.getClassLoader() != loader) {
            return Optional.of("META-INF/services/" + kind.getName() + " names " + name
                    + ", which is not the plugin's own: list only classes of this JAR");
        }
        if (!type.isRecord() || !Modifier.isPublic(type.getModifiers())) {
            return Optional.of(name + " is not a public record: declare it as one, with its keys as components");
        }
        if (!Names.inRecipes(type).matches("[a-z0-9][a-z0-9.-]*")) {
            return Optional.of(name + " has the name \"" + Names.inRecipes(type)
                    + "\": use lower-case letters, digits, '.' and '-'");
        }
        provider.get();
        return Optional.empty();
    }
}
