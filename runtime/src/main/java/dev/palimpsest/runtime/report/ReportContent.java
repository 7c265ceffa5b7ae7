package dev.palimpsest.runtime.report;

import dev.palimpsest.runtime.evaluate.Score;
import dev.palimpsest.runtime.probe.BandPower;
import dev.palimpsest.runtime.simple.SimpleScore;
import java.util.List;
import java.util.OptionalDouble;

/**
 * All that a report says.
 *
 * @param name the run's name
 * @param facts what it was
 * @param warnings sentences that a reader must not miss
 * @param question what was asked, in sentences: F, what it loses, and from what was learned
 * @param result what came out, in sentences
 * @param scores the scores, with their anchors
 * @param simple how near simple estimates come, and beside them y and what was learned; none where it cannot be known
 * @param bands what each band of frequencies of images holds; none for vectors
 * @param pictures the held-out items
 * @param curves what was measured while training
 * @param costs what it took
 * @param noCurves why curves are missing; empty if none are
 * @param choices which checkpoint each criterion would choose
 * @param recipe the resolved recipe, as YAML
 * @param commands the command lines that give the same run again
 * @param environment what the run ran on
 * @param plugins the plugins that were loaded
 */
public record ReportContent(
        String name,
        List<Fact> facts,
        List<String> warnings,
        List<String> question,
        List<String> result,
        List<Score> scores,
        List<SimpleScore> simple,
        List<BandPower> bands,
        List<Picture> pictures,
        List<Curve> curves,
        List<Fact> costs,
        String noCurves,
        List<Choice> choices,
        String recipe,
        List<String> commands,
        List<Fact> environment,
        List<Plugin> plugins) {

    /** Something known of the run, the machine or the software: "Java", "17.0.12". */
    public record Fact(String name, String value) {
        /** A count in thousands. */
        public static Fact count(String name, long value) {
            return new Fact(name, Numbers.count(value));
        }

        /** A number, rounded. */
        public static Fact number(String name, double value) {
            return new Fact(name, Numbers.of(value));
        }

        /** How long something took. */
        public static Fact seconds(String name, double seconds) {
            return new Fact(name, Numbers.duration(seconds));
        }
    }

    /** The checkpoint that a criterion would choose; the truth is the distance to the clean items, where they are known. */
    public record Choice(String by, long step, double loss, double energy, double pValue, OptionalDouble truth) {}

    /** A plugin, with the SHA-256 of its JAR in hexadecimal. */
    public record Plugin(String id, String version, String jar, String sha256) {}

    /**
     * A quantity over the training steps: numbers that are not finite are not drawn, and of many neighbours their mean is.
     *
     * @param title what it is: "loss"
     * @param logarithmic whether its axis is, if all values are positive
     * @param points in order of their steps
     * @param level a value to compare with, drawn as a dashed line, such as a noise floor
     */
    public record Curve(String title, boolean logarithmic, List<Point> points, OptionalDouble level) {
        public Curve {
            points = List.copyOf(points);
        }

        public Curve(String title, boolean logarithmic, List<Point> points) {
            this(title, logarithmic, points, OptionalDouble.empty());
        }
    }

    /** A curve's value at a step. */
    public record Point(double step, double value) {}

    public ReportContent {
        facts = List.copyOf(facts);
        warnings = List.copyOf(warnings);
        question = List.copyOf(question);
        result = List.copyOf(result);
        scores = List.copyOf(scores);
        simple = List.copyOf(simple);
        bands = List.copyOf(bands);
        pictures = List.copyOf(pictures);
        curves = List.copyOf(curves);
        costs = List.copyOf(costs);
        choices = List.copyOf(choices);
        commands = List.copyOf(commands);
        environment = List.copyOf(environment);
        plugins = List.copyOf(plugins);
    }
}
