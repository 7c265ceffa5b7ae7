package dev.palimpsest.plugins.externalprocess;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first line of a program: {@code palimpsest 1 <name> conditioning=none|maps:C|vectors:D}.
 *
 * @param size C or D; 0 if there is no conditioning
 */
record Hello(String name, Conditioning conditioning, int size) {
    static final String FORM = "palimpsest 1 <name> conditioning=none (or maps:<C>, or vectors:<D>)";
    private static final Pattern ANY_VERSION = Pattern.compile("palimpsest (\\S{1,20})( .*)?");
    private static final Pattern LINE = Pattern.compile(
            "palimpsest 1 ([!-~]{1,64}) conditioning=(?:none|(maps|vectors):([1-9]\\d{0,4}))", Pattern.DOTALL);

    /** What is known of an item's corruption. */
    enum Conditioning {
        NONE,
        MAPS,
        VECTORS
    }

    static Hello parse(String line) throws Misbehaviour {
        Matcher hello = LINE.matcher(line);
        if (hello.matches()) {
            return hello.group(2) == null
                    ? new Hello(hello.group(1), Conditioning.NONE, 0)
                    : new Hello(
                            hello.group(1),
                            hello.group(2).equals("maps") ? Conditioning.MAPS : Conditioning.VECTORS,
                            Integer.parseInt(hello.group(3)));
        }
        Matcher other = ANY_VERSION.matcher(line);
        if (other.matches() && !other.group(1).equals("1")) {
            throw new Misbehaviour("speaks version " + Printable.of(other.group(1))
                    + " of the protocol, but this plugin speaks version 1: use the plugin that it was written for");
        }
        throw new Misbehaviour("expected as first line \"" + FORM + "\", got \"" + Printable.of(line)
                + "\"; standard output is for frames alone: print anything else to standard error");
    }

    /** The shape of the conditioning for items [n, ...]; empty if there is none. */
    Optional<long[]> conditioningOf(long[] items) throws Misbehaviour {
        if (conditioning == Conditioning.NONE) {
            return Optional.empty();
        }
        if (conditioning == Conditioning.VECTORS) {
            return Optional.of(new long[] {items[0], size});
        }
        if (items.length != 4) {
            throw new Misbehaviour("announced conditioning=maps:" + size
                    + ", which images [n, channels, height, width] can have, but the items are "
                    + Arrays.toString(items)
                    + ": let it announce vectors or none");
        }
        return Optional.of(new long[] {items[0], size, items[2], items[3]});
    }
}
