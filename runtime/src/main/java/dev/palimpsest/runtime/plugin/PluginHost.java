package dev.palimpsest.runtime.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.pf4j.DefaultPluginDescriptor;
import org.pf4j.JarPluginManager;
import org.pf4j.Plugin;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginDescriptorFinder;
import org.pf4j.PluginLoader;
import org.pf4j.PluginStatusProvider;

/** PF4J, with plain JARs as plugins, each in a class loader of its own. */
final class PluginHost extends JarPluginManager {
    PluginHost(Path folder, String apiVersion) {
        super(folder);
        setSystemVersion(apiVersion);
    }

    /**
     * Loads a JAR.
     *
     * @return the class loader of the plugin
     * @throws PluginException if it requires another version of the API, or does not say which in a way that can be read
     */
    ClassLoader load(Path jar, PluginJar described) {
        requireCompatible(described);
        return getPluginClassLoader(loadPlugin(jar));
    }

    private void requireCompatible(PluginJar described) {
        boolean compatible;
        try {
            compatible = getVersionManager().checkVersionConstraint(getSystemVersion(), described.constraint());
        } catch (RuntimeException notAConstraint) {
            throw new PluginException(
                    "Plugin-Requires in its manifest is \"" + described.requires()
                            + "\", which is not a version or a range of versions: write \"" + getSystemVersion()
                            + "\" or \">=" + getSystemVersion() + "\"",
                    notAConstraint);
        }
        if (!compatible) {
            throw new PluginException("requires API " + described.requires() + ", but this is API " + getSystemVersion()
                    + ": use a version of the plugin that was built for it");
        }
    }

    @Override
    protected PluginDescriptorFinder createPluginDescriptorFinder() {
        return new PluginDescriptorFinder() {
            @Override
            public boolean isApplicable(Path jar) {
                return Files.isRegularFile(jar);
            }

            @Override
            public PluginDescriptor find(Path jar) {
                try {
                    PluginJar described = PluginJar.read(jar);
                    return new DefaultPluginDescriptor(
                            described.id(),
                            described.description(),
                            Plugin.class.getName(),
                            described.version(),
                            described.constraint(),
                            "",
                            "");
                } catch (IOException unreadable) {
                    throw new UncheckedIOException(unreadable);
                }
            }
        };
    }

    @Override
    protected PluginLoader createPluginLoader() {
        return new PluginLoader() {
            @Override
            public boolean isApplicable(Path jar) {
                return Files.isRegularFile(jar);
            }

            @Override
            public ClassLoader loadPlugin(Path jar, PluginDescriptor descriptor) {
                try {
                    return new PluginClassLoader(
                            descriptor.getPluginId(), jar.toUri().toURL());
                } catch (MalformedURLException everyFileHasOne) {
                    throw new AssertionError(everyFileHasOne);
                }
            }
        };
    }

    /** Every plugin that is there is enabled: whoever does not want one removes its JAR. */
    @Override
    protected PluginStatusProvider createPluginStatusProvider() {
        return new PluginStatusProvider() {
            @Override
            public boolean isPluginDisabled(String id) {
                return false;
            }

            @Override
            public void disablePlugin(String id) {
                throw new UnsupportedOperationException("to disable " + id + ", remove its JAR");
            }

            @Override
            public void enablePlugin(String id) {}
        };
    }
}
