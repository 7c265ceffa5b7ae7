package dev.palimpsest.runtime.recipe;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.StringReader;
import java.math.BigDecimal;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** The values of our own YAML, such as defaults, as JSON. */
final class JsonValues {
    private JsonValues() {}

    static JsonObject read(String yaml) {
        return of(new Yaml().compose(new StringReader(yaml))).getAsJsonObject();
    }

    static JsonElement of(Node node) {
        if (node instanceof MappingNode mapping) {
            JsonObject object = new JsonObject();
            for (NodeTuple entry : mapping.getValue()) {
                object.add(((ScalarNode) entry.getKeyNode()).getValue(), of(entry.getValueNode()));
            }
            return object;
        }
        if (node instanceof SequenceNode sequence) {
            JsonArray array = new JsonArray();
            sequence.getValue().forEach(element -> array.add(of(element)));
            return array;
        }
        String text = ((ScalarNode) node).getValue();
        if (Tag.BOOL.equals(node.getTag())) {
            return new JsonPrimitive(Boolean.valueOf(text));
        }
        return Tag.STR.equals(node.getTag()) ? new JsonPrimitive(text) : number(new BigDecimal(text));
    }

    /** A number in its shortest form: 1 and 0.5. */
    static JsonPrimitive number(BigDecimal value) {
        BigDecimal shortest = value.stripTrailingZeros();
        return new JsonPrimitive(
                shortest.scale() < 0 && shortest.precision() - shortest.scale() < 20 ? shortest.setScale(0) : shortest);
    }
}
