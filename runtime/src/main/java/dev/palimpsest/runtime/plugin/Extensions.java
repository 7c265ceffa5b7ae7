package dev.palimpsest.runtime.plugin;

import java.util.List;
import java.util.Optional;

/** What recipes can name: everything that the runtime and the loaded plugins bring. */
public interface Extensions {
    /** All extensions of a kind, by name. */
    <T> List<Extension<T>> of(Class<T> kind);

    /** Why extensions may be missing: one sentence for each plugin that could not be loaded, or not wholly. */
    List<String> failures();

    default <T> Optional<Extension<T>> find(Class<T> kind, String name) {
        return of(kind).stream()
                .filter(extension -> extension.name().equals(name))
                .findFirst();
    }

    /** The extension that an object was made from. */
    default <T> Optional<Extension<T>> whose(Class<T> kind, T object) {
        return of(kind).stream()
                .filter(extension -> extension.type() == object.getClass())
                .findFirst();
    }
}
