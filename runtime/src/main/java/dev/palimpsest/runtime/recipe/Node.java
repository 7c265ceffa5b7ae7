package dev.palimpsest.runtime.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A recipe's tree as it was written: plain text with positions, whose meaning is decided by what it is bound to. */
sealed interface Node {
    /** The key that names an extension. */
    String TYPE = "type";

    Place at();

    /** What a message says came. */
    String shown();

    /** @param plain whether it was written without quotes */
    record Scalar(Place at, String text, boolean plain) implements Node {
        private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");

        boolean isNothing() {
            return plain && NOTHING.contains(text);
        }

        @Override
        public String shown() {
            return Words.quoted(text);
        }
    }

    record Sequence(Place at, List<Node> elements) implements Node {
        @Override
        public String shown() {
            return "a list";
        }
    }

    record Mapping(Place at, Map<String, Entry> entries) implements Node {
        @Override
        public String shown() {
            return "keys and values";
        }

        Optional<Node> value(String key) {
            return Optional.ofNullable(entries.get(key)).map(Entry::value);
        }

        Mapping without(String key) {
            Map<String, Entry> rest = new LinkedHashMap<>(entries);
            rest.remove(key);
            return new Mapping(at, rest);
        }
    }

    /** @param key where the key stands */
    record Entry(Place key, Node value) {}

    /**
     * Lays one tree over another, key by key; what is not a mapping is replaced whole. A scalar is short for a mapping that has it as its type,
     * and keys of another type do not survive a change of type.
     */
    static Node merged(Node base, Node over) {
        if (base instanceof Mapping keys) {
            boolean shortForm = over instanceof Scalar scalar
                    && !scalar.isNothing()
                    && keys.entries().containsKey(TYPE);
            return over instanceof Mapping || shortForm ? union(keys, asMapping(over), sectionPlace(base, over)) : over;
        }
        boolean extended = base instanceof Scalar scalar && !scalar.isNothing() && over instanceof Mapping;
        return extended ? union(asMapping(base), (Mapping) over, over.at()) : over;
    }

    /** A section belongs to the last file that has it. */
    private static Place sectionPlace(Node base, Node over) {
        return over.at().line() == 0 && base.at().line() > 0 ? base.at() : over.at();
    }

    private static Mapping asMapping(Node node) {
        return node instanceof Mapping mapping
                ? mapping
                : new Mapping(node.at(), Map.of(TYPE, new Entry(node.at(), node)));
    }

    private static Mapping union(Mapping base, Mapping over, Place at) {
        if (changesType(base, over)) {
            return over;
        }
        Map<String, Entry> entries = new LinkedHashMap<>(base.entries());
        over.entries()
                .forEach((key, entry) -> entries.merge(
                        key, entry, (old, now) -> new Entry(now.key(), merged(old.value(), now.value()))));
        return new Mapping(at, entries);
    }

    private static boolean changesType(Mapping base, Mapping over) {
        Optional<String> before = base.value(TYPE).map(Node::shown);
        Optional<String> after = over.value(TYPE).map(Node::shown);
        return before.isPresent() && after.isPresent() && !before.equals(after);
    }
}
