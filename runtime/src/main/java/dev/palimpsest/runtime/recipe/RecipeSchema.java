package dev.palimpsest.runtime.recipe;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.palimpsest.api.Doc;
import dev.palimpsest.api.Range;
import dev.palimpsest.runtime.plugin.Extension;
import dev.palimpsest.runtime.plugin.Extensions;
import dev.palimpsest.runtime.plugin.KeyType;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What the reader accepts, as a JSON Schema (draft-07), for completion and checks in editors.
 *
 * <p>Wherever a recipe is laid over another one, keys may be missing: a section then has a part of its keys, and perhaps no type. What is in the base, what
 * several keys say together and how a number is written (0x10, 1.0 for a whole number) no schema can see.
 */
public final class RecipeSchema {
    private static final String DRAFT = "http://json-schema.org/draft-07/schema#";
    private static final String REFERENCE = "#/definitions/";
    private static final String PART = "_part";

    /** Whether all keys have to be there that have no default, or there is something else below. */
    private enum Extent {
        WHOLE,
        PART
    }

    /** A section's keys and defaults: what makes one definition. */
    private record Section(Class<?> type, Optional<Object> usual, JsonObject written) {}

    private final Extensions extensions;
    private final Vocabulary vocabulary;
    private final Map<String, JsonObject> definitions = new TreeMap<>();
    private final Map<Section, String> names = new HashMap<>();

    private RecipeSchema(Extensions extensions) {
        this.extensions = extensions;
        this.vocabulary = new Vocabulary(extensions);
    }

    /**
     * The schema as JSON text, ending in a line break.
     *
     * @param extensions what a recipe can name
     */
    public static String of(Extensions extensions) {
        return new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .create()
                        .toJson(new RecipeSchema(extensions).schema())
                + "\n";
    }

    private JsonObject schema() {
        JsonObject extending = new JsonObject();
        extending.add("required", array(List.of(RecipeFiles.EXTENDS)));
        JsonObject schema = new JsonObject();
        schema.addProperty("$schema", DRAFT);
        schema.addProperty("title", "a recipe of Palimpsest");
        schema.addProperty("type", "object");
        schema.add("if", extending);
        schema.add("then", defined("recipe", Extent.PART, () -> recipe(Extent.PART)));
        schema.add("else", defined("recipe", Extent.WHOLE, () -> recipe(Extent.WHOLE)));
        JsonObject all = new JsonObject();
        definitions.forEach(all::add);
        schema.add("definitions", all);
        return schema;
    }

    private JsonObject recipe(Extent extent) {
        JsonObject base = scalar(new KeyType.File(), Optional.empty());
        base.addProperty("description", "the recipe that this one is laid over; its path is relative to this file");
        JsonObject properties = new JsonObject();
        properties.add(RecipeFiles.EXTENDS, base);
        return keys("recipe", vocabulary.recipe(), extent, properties, new JsonArray());
    }

    /** The section's definition, which is made where it is asked for first. */
    private JsonObject section(Section section, Extent extent) {
        String name = names.computeIfAbsent(section, this::newName);
        return defined(
                name,
                extent,
                () -> keys(
                        name,
                        vocabulary.keys(section.type(), section.usual(), section.written()),
                        extent,
                        new JsonObject(),
                        new JsonArray()));
    }

    private String newName(Section section) {
        String name = "section." + name(section.type());
        long others = names.keySet().stream()
                .filter(other ->
                        other.type().getSimpleName().equals(section.type().getSimpleName()))
                .count();
        return others == 0 ? name : name + "-" + (others + 1);
    }

    /** What stands for an extension: the name of a type that needs no keys, or a type and its keys. */
    private JsonObject kind(Class<?> kind, Extent extent) {
        return defined(name(kind), extent, () -> {
            List<String> alone = extensions.of(kind).stream()
                    .filter(extension -> extent == Extent.PART
                            || vocabulary.of(extension).stream().noneMatch(RecipeKey::required))
                    .map(Extension::name)
                    .toList();
            JsonArray choices = new JsonArray();
            if (!alone.isEmpty()) {
                JsonObject names = new JsonObject();
                names.add("enum", array(alone));
                choices.add(names);
            }
            extensions.of(kind).forEach(extension -> choices.add(variant(extension, extent)));
            JsonObject schema = new JsonObject();
            schema.add(choices.isEmpty() ? "not" : "anyOf", choices.isEmpty() ? new JsonObject() : choices);
            return schema;
        });
    }

    private JsonObject variant(Extension<?> extension, Extent extent) {
        String name = name(extension.kind()) + "." + extension.name();
        Optional<String> doc =
                Optional.ofNullable(extension.type().getAnnotation(Doc.class)).map(Doc::value);
        return defined(name, extent, () -> {
            JsonObject type = new JsonObject();
            type.addProperty("const", extension.name());
            doc.ifPresent(text -> type.addProperty("description", text));
            JsonObject properties = new JsonObject();
            properties.add(Node.TYPE, type);
            JsonArray required = extent == Extent.WHOLE ? array(List.of(Node.TYPE)) : new JsonArray();
            JsonObject schema = keys(name, vocabulary.of(extension), extent, properties, required);
            doc.ifPresent(text -> schema.addProperty("description", text));
            return schema;
        });
    }

    /**
     * A mapping with keys.
     *
     * @param name of its definition
     * @param properties what else it can have
     * @param required what else it must have
     */
    private JsonObject keys(
            String name, List<RecipeKey> keys, Extent extent, JsonObject properties, JsonArray required) {
        for (RecipeKey key : keys) {
            boolean same = extent == Extent.PART && !canBePart(key.key().type());
            properties.add(
                    key.key().name(),
                    same ? reference(name + "/properties/" + key.key().name()) : property(key, extent));
            if (key.required() && extent == Extent.WHOLE) {
                required.add(key.key().name());
            }
        }
        JsonObject schema = typed("object");
        schema.add("properties", properties);
        if (!required.isEmpty()) {
            schema.add("required", required);
        }
        schema.addProperty("additionalProperties", false);
        return schema;
    }

    private static boolean canBePart(KeyType type) {
        return type instanceof KeyType.Maybe maybe
                ? canBePart(maybe.content())
                : type instanceof KeyType.Named || type instanceof KeyType.Section;
    }

    private JsonObject property(RecipeKey key, Extent extent) {
        JsonObject property =
                value(key.key().type(), key.key().range(), extent, key.key().usual(), key.inherited());
        if (!key.key().doc().isEmpty()) {
            property.addProperty("description", key.key().doc());
        }
        key.usual().ifPresent(usual -> property.add("default", usual));
        return property;
    }

    private JsonObject value(
            KeyType type,
            Optional<Range> range,
            Extent extent,
            Optional<Object> usual,
            Optional<JsonElement> inherited) {
        if (type instanceof KeyType.Maybe maybe) {
            return value(maybe.content(), range, extent, Optional.empty(), inherited);
        }
        if (type instanceof KeyType.ListOf list) {
            JsonObject schema = typed("array");
            schema.add("items", value(list.element(), range, Extent.WHOLE, Optional.empty(), Optional.empty()));
            return schema;
        }
        if (type instanceof KeyType.Section section) {
            return anyOf(section(new Section(section.type(), usual, Vocabulary.written(inherited)), extent));
        }
        if (type instanceof KeyType.Named named) {
            Optional<JsonObject> keysOfInherited = inherited
                    .filter(below -> extent == Extent.WHOLE)
                    .flatMap(below -> inheritedType(named.kind(), below))
                    .map(extension -> variant(extension, Extent.PART));
            JsonObject whole = kind(named.kind(), extent);
            return keysOfInherited.map(part -> anyOf(whole, part)).orElseGet(() -> anyOf(whole));
        }
        return scalar(type, range);
    }

    private Optional<? extends Extension<?>> inheritedType(Class<?> kind, JsonElement below) {
        JsonElement type = below.isJsonObject() ? below.getAsJsonObject().get(Node.TYPE) : below;
        return extensions.find(kind, type.getAsString());
    }

    private static JsonObject scalar(KeyType type, Optional<Range> range) {
        if (type instanceof KeyType.Whole whole) {
            return whole.narrow()
                    ? bounded("integer", range, Integer.MIN_VALUE, Integer.MAX_VALUE)
                    : bounded("integer", range, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        }
        if (type instanceof KeyType.Real real) {
            double largest = real.narrow() ? Float.MAX_VALUE : Double.POSITIVE_INFINITY;
            return bounded("number", range, -largest, largest);
        }
        if (type instanceof KeyType.Truth) {
            return typed("boolean");
        }
        JsonObject schema = new JsonObject();
        if (type instanceof KeyType.Choice choice) {
            schema.add("enum", array(choice.names()));
        } else if (type instanceof KeyType.Unwritable) {
            schema.add("not", new JsonObject());
        } else {
            schema.add("type", array(List.of("string", "number", "boolean")));
            if (type instanceof KeyType.File) {
                schema.addProperty("minLength", 1);
            }
        }
        return schema;
    }

    /** Bounds by the range and by what the Java type can hold. */
    private static JsonObject bounded(String type, Optional<Range> range, double smallest, double largest) {
        JsonObject schema = typed(type);
        bound(schema, "minimum", Math.max(smallest, range.map(Range::min).orElse(smallest)));
        bound(schema, "maximum", Math.min(largest, range.map(Range::max).orElse(largest)));
        range.ifPresent(given -> {
            bound(schema, "exclusiveMinimum", given.above());
            bound(schema, "exclusiveMaximum", given.below());
        });
        return schema;
    }

    private static void bound(JsonObject schema, String name, double value) {
        if (Double.isFinite(value)) {
            schema.add(name, JsonValues.number(BigDecimal.valueOf(value)));
        }
    }

    /** A reference to a definition, which is made unless it is there or being made. */
    private JsonObject defined(String name, Extent extent, Supplier<JsonObject> definition) {
        String full = extent == Extent.PART ? name + PART : name;
        if (definitions.putIfAbsent(full, new JsonObject()) == null) {
            definitions.put(full, definition.get());
        }
        return reference(full);
    }

    private static String name(Class<?> kind) {
        return KeyType.inWords(kind).replace(' ', '-');
    }

    private static JsonObject reference(String definition) {
        JsonObject schema = new JsonObject();
        schema.addProperty("$ref", REFERENCE + definition);
        return schema;
    }

    private static JsonObject typed(String type) {
        JsonObject schema = new JsonObject();
        schema.addProperty("type", type);
        return schema;
    }

    /** What one of the references is to; unlike them it can stand beside a description. */
    private static JsonObject anyOf(JsonObject... references) {
        JsonArray all = new JsonArray();
        List.of(references).forEach(all::add);
        JsonObject schema = new JsonObject();
        schema.add("anyOf", all);
        return schema;
    }

    private static JsonArray array(List<String> texts) {
        JsonArray array = new JsonArray();
        texts.forEach(array::add);
        return array;
    }
}
