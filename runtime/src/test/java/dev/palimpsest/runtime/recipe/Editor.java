package dev.palimpsest.runtime.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Sees recipes as editors do: YAML 1.2 with its core schema (SnakeYAML Engine), checked against a JSON Schema (networknt). */
public record Editor(JsonSchema schema) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static Editor of(String schema) {
        return new Editor(
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(schema));
    }

    /** Draft-07's own schema. */
    static Editor ofSchemas() {
        return new Editor(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                .getSchema(com.networknt.schema.SchemaLocation.of(SpecVersion.VersionFlag.V7.getId())));
    }

    /** What is wrong with a text; throws if it is not YAML. */
    public List<String> problems(String yaml) {
        Object value =
                new Load(LoadSettings.builder().setSchema(new CoreSchema()).build()).loadFromString(yaml);
        JsonNode json = JSON.valueToTree(value);
        return schema.validate(json).stream().map(ValidationMessage::getMessage).toList();
    }
}
