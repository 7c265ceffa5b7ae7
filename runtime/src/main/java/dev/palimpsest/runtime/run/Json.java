package dev.palimpsest.runtime.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

/** How the run's JSON files are written: keys in order, absent values left out, and never a NaN. */
public final class Json {
    private static final Gson PRETTY =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    private static final Gson LINE = new GsonBuilder().disableHtmlEscaping().create();

    private Json() {}

    public static String pretty(Object value) {
        return PRETTY.toJson(value) + "\n";
    }

    public static String line(Object value) {
        return LINE.toJson(value) + "\n";
    }
}
