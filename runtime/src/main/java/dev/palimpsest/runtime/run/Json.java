package dev.palimpsest.runtime.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import dev.palimpsest.runtime.data.DataException;
import java.util.OptionalDouble;

/** How the run's JSON files are written: keys in order, absent values left out, and never a NaN. */
public final class Json {
    private static final Gson LINE = new GsonBuilder()
            .disableHtmlEscaping()
            .registerTypeAdapter(OptionalDouble.class, (JsonSerializer<OptionalDouble>) (value, type, context) ->
                    value.isPresent() ? new JsonPrimitive(value.getAsDouble()) : JsonNull.INSTANCE)
            .create();
    private static final Gson PRETTY = LINE.newBuilder().setPrettyPrinting().create();

    private Json() {}

    public static String pretty(Object value) {
        return PRETTY.toJson(value) + "\n";
    }

    /**
     * Reads what {@link #line} or {@link #pretty} wrote.
     *
     * @throws DataException if the text is no such thing
     */
    static <T> T read(String text, Class<T> type) {
        try {
            T value = LINE.fromJson(text, type);
            if (value != null) {
                return value;
            }
        } catch (JsonParseException e) {
            throw new DataException("expected " + type.getSimpleName() + " in JSON, got " + e.getMessage(), e);
        }
        throw new DataException("expected " + type.getSimpleName() + " in JSON, got nothing");
    }

    public static String line(Object value) {
        return LINE.toJson(value) + "\n";
    }
}
