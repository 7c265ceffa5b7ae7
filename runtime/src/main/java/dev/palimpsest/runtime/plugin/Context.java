package dev.palimpsest.runtime.plugin;

import java.util.function.Supplier;

/** Runs a plugin's code with the plugin's class loader as the thread's context class loader. */
final class Context {
    private Context() {}

    static <R> R of(ClassLoader loader, Supplier<R> code) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return code.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
