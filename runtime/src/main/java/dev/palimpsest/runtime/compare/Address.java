package dev.palimpsest.runtime.compare;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Where a page finds a file, as the address of a link. */
final class Address {
    private Address() {}

    /**
     * Relative to the page's folder, where it can be, so that both can be taken elsewhere together. Each name in it is percent-encoded (RFC 3986), and it begins with a
     * dot, so that no name is taken for a scheme, a query or a fragment.
     */
    static String of(Path folder, Path file) {
        Path from = folder.toAbsolutePath().normalize();
        Path to = file.toAbsolutePath().normalize();
        if (!from.getRoot().equals(to.getRoot())) {
            return to.toUri().toString();
        }
        return StreamSupport.stream(from.relativize(to).spliterator(), false)
                .map(name -> URLEncoder.encode(name.toString(), StandardCharsets.UTF_8)
                        .replace("+", "%20"))
                .collect(Collectors.joining("/", "./", ""));
    }
}
