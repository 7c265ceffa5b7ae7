package dev.palimpsest.runtime.plugin;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.runtime.data.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import org.nd4j.linalg.factory.Nd4j;
import org.pf4j.PluginWrapper;

/** The plugins of an installation, and what the runtime brings itself. One bad JAR never hides the others. */
public final class Plugins implements Extensions, AutoCloseable {
    /** What plugins can bring. */
    public static final List<Class<?>> KINDS =
            List.of(ForwardModel.class, InterpolantSchedule.class, OdeSolver.class, DriftArchitecture.class);

    /** The plugin that the runtime's own extensions are said to come from. */
    public static final String RUNTIME = "palimpsest";

    private final PluginHost host;
    private final Optional<Lock> lock;
    private final List<Plugin> plugins = new ArrayList<>();
    private final List<Extension<?>> extensions = new ArrayList<>();

    /** The file name of the JAR that has a name, by kind and name. */
    private final Map<String, String> owners = new HashMap<>();

    private Plugins(PluginHost host, Optional<Lock> lock) {
        this.host = host;
        this.lock = lock;
    }

    /**
     * Loads the shipped plugins ({@code home/plugins/*}{@code /target/*.jar}), those dropped beside them ({@code home/plugins/*.jar}), then those of
     * each extra root (its {@code *}{@code /target/*.jar} and {@code *.jar}), each by file name. Where two bring the same name, the first keeps it.
     *
     * @param lock if given, JARs that are not in it are refused before any of their classes is loaded
     * @param hostKinds the kinds that only the runtime brings, from its own class path
     * @throws PluginException if an extra root is not a folder or the lock cannot be read; never because of a JAR, see {@link #failures}
     */
    public static Plugins load(Path home, List<Path> extraRoots, Optional<Path> lock, List<Class<?>> hostKinds) {
        Path shipped = home.resolve("plugins");
        Plugins plugins = new Plugins(new PluginHost(shipped, apiVersion()), lock.map(Lock::read));
        requireFolders(extraRoots);
        touchHost();
        hostKinds.forEach(plugins::discoverOwn);
        List<Path> roots = new ArrayList<>(Files.isDirectory(shipped) ? List.of(shipped) : List.of());
        roots.addAll(extraRoots);
        roots.stream().flatMap(root -> jars(root).stream()).forEach(plugins::add);
        return plugins;
    }

    /**
     * Loads one JAR, the first of {@link #plugins}, then those of each extra root, and nothing else.
     *
     * @throws PluginException as {@link #load}
     */
    public static Plugins only(Path jar, List<Path> extraRoots, Optional<Path> lock) {
        Path folder = jar.toAbsolutePath().getParent();
        Plugins plugins = new Plugins(new PluginHost(folder, apiVersion()), lock.map(Lock::read));
        requireFolders(extraRoots);
        touchHost();
        plugins.add(jar);
        extraRoots.stream().flatMap(root -> jars(root).stream()).forEach(plugins::add);
        return plugins;
    }

    /** Every JAR that was found, in loading order; of identical files, the first. */
    public List<Plugin> plugins() {
        return List.copyOf(plugins);
    }

    @Override
    public <T> List<Extension<T>> of(Class<T> kind) {
        return extensions.stream()
                .filter(extension -> extension.kind() == kind)
                .map(extension ->
                        new Extension<>(kind, extension.name(), extension.type().asSubclass(kind), extension.plugin()))
                .sorted(Comparator.comparing(Extension::name))
                .toList();
    }

    @Override
    public List<String> failures() {
        return plugins.stream()
                .flatMap(plugin -> plugin.problem().map(problem -> plugin.jar() + ": " + problem).stream())
                .toList();
    }

    /** The text of plugins.lock: one line "sha256  file-name  id version" for each JAR that brings something. */
    public String lock() {
        return Lock.write(plugins.stream()
                .filter(plugin -> !plugin.extensions().isEmpty())
                .toList());
    }

    /** Unloads the plugins: their classes must not be used any more. */
    @Override
    public void close() {
        host.unloadPlugins();
    }

    /** The version of the API, against which Plugin-Requires is checked. */
    public static String apiVersion() {
        try (InputStream in = ForwardModel.class.getResourceAsStream("api.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static void requireFolders(List<Path> roots) {
        for (Path root : roots) {
            if (!Files.isDirectory(root)) {
                throw new PluginException(root + ": expected a folder of plugin JARs, but "
                        + (Files.exists(root) ? "it is a file: name its folder" : "there is no such folder"));
            }
        }
    }

    private void add(Path jar) {
        PluginJar described = PluginJar.named(jar);
        String sha256 = "";
        List<Extension<?>> found = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        try {
            sha256 = Sha256.hex(jar);
            if (isKnown(sha256)) {
                return;
            }
            requireLocked(sha256);
            requireContent(jar);
            described = PluginJar.read(jar);
            requireNewId(described.id());
            requireServices(described);
            ClassLoader loader = host.load(jar, described);
            for (Class<?> kind : KINDS) {
                discover(kind, loader, described.id(), jar, found, problems);
            }
            if (found.isEmpty() && problems.isEmpty()) {
                problems.add("its files in META-INF/services name no class: write one class name a line");
            }
        } catch (IOException unreadable) {
            problems.add("cannot be read as a JAR (" + Causes.describe(unreadable) + "): build or download it again");
        } catch (PluginException problem) {
            problems.add(problem.getMessage());
        } catch (RuntimeException refused) {
            problems.add("cannot be loaded (" + Causes.describe(refused) + "): check its manifest");
        }
        extensions.addAll(found);
        plugins.add(new Plugin(
                described.id(),
                described.version(),
                described.requires(),
                described.description(),
                jar,
                sha256,
                found,
                problems.isEmpty()
                        ? Optional.empty()
                        : Optional.of(problems.stream().distinct().collect(Collectors.joining("; ")))));
    }

    private void discover(
            Class<?> kind, ClassLoader loader, String id, Path jar, List<Extension<?>> found, List<String> problems) {
        Discovery discovery = Context.of(loader, () -> Discovery.of(kind, loader, id));
        problems.addAll(discovery.problems());
        String file = jar.getFileName().toString();
        for (Extension<?> extension : discovery.extensions()) {
            String owner = owners.putIfAbsent(kind.getName() + " " + extension.name(), file);
            if (owner == null) {
                found.add(extension);
            } else {
                problems.add("its " + Names.inWords(kind) + " \"" + extension.name() + "\" ("
                        + extension.type().getName() + " in " + file + ") is left out, because " + owner
                        + " already has one of that name: rename it, or remove one of the two JARs");
            }
        }
    }

    private void discoverOwn(Class<?> kind) {
        Discovery discovery = Discovery.of(kind, Plugins.class.getClassLoader(), RUNTIME);
        if (!discovery.problems().isEmpty()) {
            throw new IllegalStateException(
                    "the runtime's own " + kind.getSimpleName() + ": " + String.join("; ", discovery.problems()));
        }
        extensions.addAll(discovery.extensions());
    }

    private boolean isKnown(String sha256) {
        return plugins.stream().anyMatch(plugin -> plugin.sha256().equals(sha256));
    }

    private void requireLocked(String sha256) {
        if (lock.isPresent() && !lock.get().sha256().contains(sha256)) {
            throw new PluginException("is refused, because its SHA-256 " + sha256 + " is not in "
                    + lock.get().file() + ": remove the JAR, or run without --locked");
        }
    }

    private static void requireContent(Path jar) throws IOException {
        if (Files.size(jar) == 0) {
            throw new PluginException("is empty (0 bytes): build or download it again");
        }
    }

    private void requireNewId(String id) {
        PluginWrapper first = host.getPlugin(id);
        if (first != null) {
            throw new PluginException("is left out, because " + first.getPluginPath() + " already has the id \"" + id
                    + "\": remove one of the two JARs");
        }
    }

    private static void requireServices(PluginJar described) {
        if (KINDS.stream().map(Class::getName).noneMatch(described.services()::contains)) {
            throw new PluginException((described.services().isEmpty()
                            ? "brings no extension, because it has no META-INF/services"
                            : "brings no extension: its META-INF/services has only "
                                    + String.join(", ", described.services()))
                    + ": list its classes, one a line, in a file META-INF/services/ named after what they implement ("
                    + KINDS.stream().map(Class::getName).collect(Collectors.joining(", ")) + ")");
        }
    }

    /** ND4J and Java's random generators remember the context class loader of the thread that first uses them; it must not be a plugin's. */
    private static void touchHost() {
        Context.of(Plugins.class.getClassLoader(), () -> {
            RandomGeneratorFactory.of("L64X128MixRandom");
            return Nd4j.getBackend();
        });
    }

    private static List<Path> jars(Path root) {
        List<Path> jars = new ArrayList<>();
        list(root, "*").stream()
                .map(folder -> folder.resolve("target"))
                .filter(Files::isDirectory)
                .forEach(target -> jars.addAll(list(target, "*.jar")));
        sort(jars);
        List<Path> dropped = list(root, "*.jar");
        sort(dropped);
        jars.addAll(dropped);
        return jars.stream()
                .filter(Files::isRegularFile)
                .filter(jar -> !jar.getFileName().toString().matches("original-.*|.*-(sources|javadoc|tests)\\.jar"))
                .toList();
    }

    private static void sort(List<Path> jars) {
        jars.sort(
                Comparator.comparing((Path jar) -> jar.getFileName().toString()).thenComparing(Path::toString));
    }

    private static List<Path> list(Path folder, String glob) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
            entries.forEach(found::add);
        } catch (IOException unreadable) {
            throw new PluginException(folder + ": cannot be listed (" + Causes.describe(unreadable) + ")", unreadable);
        }
        return found;
    }
}
