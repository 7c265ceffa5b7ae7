package dev.palimpsest.runtime.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads YAML text as a tree, from SnakeYAML's events: nothing is resolved, constructed or expanded. Tags, anchors, aliases, merge keys, duplicate
 * keys and deep nesting are problems.
 */
final class TreeReader {
    private static final int DEEPEST = 50;

    private final Function<Mark, Place> places;
    private final Problems problems;
    private Place reached;

    /** @param places where a mark of SnakeYAML's stands for the user */
    TreeReader(Function<Mark, Place> places, Problems problems) {
        this.places = places;
        this.problems = problems;
    }

    /** The tree of one document; empty, and a problem, if it is not one. A text with nothing in it is an empty scalar. */
    Optional<Node> read(String text) {
        Parser parser = new ParserImpl(new StreamReader(text), new LoaderOptions());
        reached = place(parser.peekEvent());
        try {
            return Optional.of(document(parser));
        } catch (Unreadable e) {
            problems.add(e.at, e.getMessage());
        } catch (MarkedYAMLException e) {
            problems.add(place(e), "this is not YAML: " + oneLine(e));
        } catch (YAMLException | IllegalArgumentException e) {
            problems.add(reached, "this is not YAML: " + e.getMessage());
        }
        return Optional.empty();
    }

    private Node document(Parser parser) {
        parser.getEvent();
        if (parser.checkEvent(Event.ID.StreamEnd)) {
            return new Node.Scalar(reached, "", true);
        }
        parser.getEvent();
        Node tree = node(parser, 1);
        parser.getEvent();
        if (!parser.checkEvent(Event.ID.StreamEnd)) {
            throw new Unreadable(
                    place(parser.peekEvent()), "a second document starts here; expected one document in the file");
        }
        return tree;
    }

    private Node node(Parser parser, int depth) {
        Event event = parser.getEvent();
        Place at = place(event);
        reached = at;
        if (depth > DEEPEST) {
            throw new Unreadable(at, "nested too deeply; expected at most " + DEEPEST + " levels");
        }
        checkProperties(event, at);
        if (event instanceof ScalarEvent scalar) {
            return new Node.Scalar(at, scalar.getValue(), scalar.isPlain());
        }
        return event instanceof SequenceStartEvent ? sequence(parser, at, depth) : mapping(parser, at, depth);
    }

    private Node sequence(Parser parser, Place at, int depth) {
        List<Node> elements = new ArrayList<>();
        while (!parser.checkEvent(Event.ID.SequenceEnd)) {
            elements.add(node(parser, depth + 1));
        }
        parser.getEvent();
        return new Node.Sequence(at, elements);
    }

    private Node mapping(Parser parser, Place at, int depth) {
        Map<String, Node.Entry> entries = new LinkedHashMap<>();
        while (!parser.checkEvent(Event.ID.MappingEnd)) {
            Node key = node(parser, depth + 1);
            Node value = node(parser, depth + 1);
            if (!(key instanceof Node.Scalar scalar)) {
                problems.add(key.at(), "expected a name as key, got " + key.shown());
            } else if (scalar.isNothing()) {
                problems.add(key.at(), "expected a name as key, got nothing");
            } else if (scalar.plain() && scalar.text().equals("<<")) {
                problems.add(key.at(), "merge keys (<<) are not supported; write the keys out, or use extends");
            } else if (entries.containsKey(scalar.text())) {
                Place first = entries.get(scalar.text()).key();
                problems.add(
                        key.at(),
                        "duplicate key " + scalar.shown() + ", first given in line " + first.line() + ", column "
                                + first.column());
            } else {
                entries.put(scalar.text(), new Node.Entry(key.at(), value));
            }
        }
        parser.getEvent();
        return new Node.Mapping(at, entries);
    }

    private void checkProperties(Event event, Place at) {
        if (event instanceof AliasEvent alias) {
            throw new Unreadable(at, "aliases (*" + alias.getAnchor() + ") are not supported; write the value out");
        }
        if (event instanceof NodeEvent node && node.getAnchor() != null) {
            throw new Unreadable(at, "anchors (&" + node.getAnchor() + ") are not supported; write the value out");
        }
        String tag = tag(event);
        if (tag != null) {
            problems.add(at, "tags (" + Words.quoted(tag) + ") are not supported; types follow from the keys");
        }
    }

    private static String tag(Event event) {
        if (event instanceof ScalarEvent scalar) {
            return scalar.getTag();
        }
        if (event instanceof SequenceStartEvent sequence) {
            return sequence.getTag();
        }
        return event instanceof MappingStartEvent mapping ? mapping.getTag() : null;
    }

    private Place place(Event event) {
        return places.apply(event.getStartMark());
    }

    private Place place(MarkedYAMLException e) {
        Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
        return mark == null ? reached : places.apply(mark);
    }

    private static String oneLine(MarkedYAMLException e) {
        String context = e.getContext() == null ? "" : " (" + e.getContext() + ")";
        return (e.getProblem() + context).strip().replaceAll("\\s+", " ");
    }

    /** Ends the reading of a tree that cannot be read on. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Place at;

        Unreadable(Place at, String sentence) {
            super(sentence);
            this.at = at;
        }
    }
}
