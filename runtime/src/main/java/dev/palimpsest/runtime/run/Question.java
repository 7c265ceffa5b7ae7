package dev.palimpsest.runtime.run;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.runtime.plugin.Extension;
import dev.palimpsest.runtime.plugin.Extensions;
import dev.palimpsest.runtime.plugin.Key;
import dev.palimpsest.runtime.probe.Probe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a run is asked: F, and from what its inverse is to be learned. It is question.json in the run's folder.
 *
 * @param forward the name of F
 * @param doc what F says of itself; may be empty
 * @param keys what F says of its keys, by their names
 * @param itemShape of an item, without the first dimension
 * @param observations how many there are, the held-out ones among them
 * @param simulated whether they were made from clean items
 * @param destroyed how many of the dimensions never reach y
 * @param affine whether F is a straight line; else what follows are averages
 * @param lost the probability that a coordinate is replaced by noise, which the conditioning tells
 * @param gain by which a coordinate that is not lost passes
 * @param noise the standard deviation of what is added to it
 */
record Question(
        String forward,
        String doc,
        Map<String, String> keys,
        List<Long> itemShape,
        long observations,
        long heldOut,
        boolean simulated,
        int dimensions,
        int destroyed,
        boolean affine,
        double lost,
        double gain,
        double noise) {
    static final String FILE = "question.json";
    private static final double SMALLEST_LOSS = .001;

    static Question of(Extensions extensions, Pipeline pipeline, Probe probe) {
        Optional<Extension<ForwardModel>> forward =
                extensions.whose(ForwardModel.class, pipeline.recipe().forward());
        return new Question(
                forward.map(Extension::name).orElse(""),
                forward.map(f -> f.type().getAnnotation(Doc.class))
                        .map(Doc::value)
                        .orElse(""),
                forward.map(Key::of).orElse(List.of()).stream()
                        .collect(Collectors.toMap(Key::name, Key::doc, (one, other) -> one, LinkedHashMap::new)),
                Arrays.stream(pipeline.signature().itemShape()).boxed().toList(),
                (long) pipeline.split().training().length + pipeline.split().heldOut().length,
                pipeline.split().heldOut().length,
                pipeline.clean().isPresent(),
                probe.dimensions(),
                probe.destroyed(),
                probe.affine(),
                probe.channel().lost(),
                probe.channel().gain(),
                probe.channel().noise());
    }

    /**
     * The question in words.
     *
     * @param values of F's keys, by their names
     */
    List<String> sentences(Map<String, String> values) {
        List<String> sentences = new ArrayList<>();
        sentences.add("F is " + forward + (doc.isEmpty() ? "." : ": " + stopped(doc)) + written(values));
        sentences.add(loses());
        sentences.add(String.format(
                Locale.ROOT,
                "Given are %,d observations y = F(x) of shape %s, %,d of them held out and not trained on. %s",
                observations,
                itemShape.stream().map(String::valueOf).collect(Collectors.joining(" × ")),
                heldOut,
                simulated
                        ? "They were simulated: clean items served to make and to score them, never to train."
                        : "No clean item is known."));
        sentences.add(
                "Asked is a map Φ that restores them, learned from the observations and from calls of F alone, such that F(Φ(y)) has the law of y.");
        return sentences;
    }

    private String written(Map<String, String> values) {
        String written = values.entrySet().stream()
                .map(value -> value.getKey() + " = " + value.getValue()
                        + Optional.ofNullable(keys.get(value.getKey()))
                                .filter(words -> !words.isEmpty())
                                .map(words -> " (" + unstopped(words) + ")")
                                .orElse(""))
                .collect(Collectors.joining(", "));
        return written.isEmpty() ? "" : " Here " + written + ".";
    }

    private String loses() {
        if (!affine) {
            return "F is not a straight line: it clips, rounds or counts, so that calls of it do not tell what it loses.";
        }
        String passes = String.format(
                Locale.ROOT, "passes with a gain of %.3g and noise of standard deviation %.3g", gain, noise);
        return (destroyed == 0
                        ? "Calls of F find nothing that never reaches y: "
                        : String.format(
                                Locale.ROOT,
                                "Of %,d dimensions %,d never reach y, and nothing is learned of them; on average ",
                                dimensions,
                                destroyed))
                + (lost > SMALLEST_LOSS
                        ? String.format(
                                Locale.ROOT,
                                "a coordinate is lost with probability %.3g, which the conditioning tells, and else ",
                                lost)
                        : "a coordinate ")
                + passes + ".";
    }

    private static String stopped(String words) {
        return unstopped(words) + ".";
    }

    private static String unstopped(String words) {
        return words.endsWith(".") ? words.substring(0, words.length() - 1) : words;
    }
}
