package dev.palimpsest.plugins.externalprocess;

import java.nio.charset.StandardCharsets;

/** Text of unknown origin, made fit for a message of one line. */
final class Printable {
    private static final int MOST = 80;

    private Printable() {}

    static String of(byte[] bytes) {
        return of(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** Characters other than printable ASCII are written as \xhh, and what is too long is cut. */
    static String of(String text) {
        StringBuilder printable = new StringBuilder();
        text.chars()
                .limit(MOST)
                .forEach(c -> printable.append(c >= ' ' && c <= '~' ? "" + (char) c : String.format("\\x%02x", c)));
        return text.length() > MOST ? printable + "..." : printable.toString();
    }
}
