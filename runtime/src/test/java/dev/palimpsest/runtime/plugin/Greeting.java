package dev.palimpsest.runtime.plugin;

/** A kind that only the runtime brings. */
public interface Greeting {
    record GoodMorning() implements Greeting {}
}
