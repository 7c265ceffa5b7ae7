package dev.palimpsest.runtime.plugin;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * Loads one plugin. What plugins share with the host (the API, ND4J, SLF4J) comes from the host, so that it exists once; all else comes from the
 * plugin's own JAR, then from Java itself. The runtime, its libraries and other plugins are out of sight.
 */
final class PluginClassLoader extends URLClassLoader {
    private static final List<String> SHARED = List.of(
            "dev.palimpsest.api.", "org.nd4j.", "org.deeplearning4j.", "org.bytedeco.", "org.slf4j.", "org.pf4j.");
    private static final String SERVICES = "META-INF/services/";
    private static final ClassLoader HOST = PluginClassLoader.class.getClassLoader();

    static {
        registerAsParallelCapable();
    }

    PluginClassLoader(String id, URL jar) {
        super(id, new URL[] {jar}, ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> type = findLoadedClass(name);
            if (type == null && name.startsWith("java.")) {
                type = getParent().loadClass(name);
            }
            if (type == null && shared(name)) {
                type = orNull(HOST, name);
            }
            if (type == null) {
                type = own(name);
            }
            if (resolve) {
                resolveClass(type);
            }
            return type;
        }
    }

    /** A file of services is looked up in the plugin's own JAR and nowhere else. */
    @Override
    public URL getResource(String name) {
        URL own = findResource(name);
        if (own != null || name.startsWith(SERVICES)) {
            return own;
        }
        return shared(name.replace('/', '.'))
                ? HOST.getResource(name)
                : getParent().getResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> found = Collections.list(findResources(name));
        if (!name.startsWith(SERVICES)) {
            ClassLoader other = shared(name.replace('/', '.')) ? HOST : getParent();
            found.addAll(Collections.list(other.getResources(name)));
        }
        return Collections.enumeration(found);
    }

    private Class<?> own(String name) throws ClassNotFoundException {
        try {
            return findClass(name);
        } catch (ClassNotFoundException notOwn) {
            return getParent().loadClass(name);
        }
    }

    private static Class<?> orNull(ClassLoader loader, String name) {
        try {
            return loader.loadClass(name);
        } catch (ClassNotFoundException notThere) {
            return null;
        }
    }

    private static boolean shared(String name) {
        return SHARED.stream().anyMatch(name::startsWith);
    }
}
