package dev.palimpsest.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is packed, unpacked into a folder with a space in its name that nobody may write to, with a Java runtime of the modules that the Dockerfile names, and
 * a PATH on which Maven, the compiler and another Java give themselves away.
 */
class DistributionIT {
    private static final Pattern MODULES = Pattern.compile("--add-modules (\\S+)");

    @TempDir
    static Path folder;

    private static Path home;
    private static Path java;
    private static Map<String, String> packed;

    /** What a finished command left. */
    private record Result(int code, String out, String err) {}

    @BeforeAll
    static void unpack() throws IOException {
        Path zip = Path.of(System.getProperty("distribution"));
        try (FileSystem entries = FileSystems.newFileSystem(zip, Map.of("enablePosixFileAttributes", true))) {
            Path root = entries.getPath("/");
            try (Stream<Path> tree = Files.walk(root)) {
                for (Path entry : (Iterable<Path>) tree.filter(Files::isRegularFile)::iterator) {
                    Path file = folder.resolve("an installation")
                            .resolve(root.relativize(entry).toString());
                    Files.createDirectories(file.getParent());
                    Files.copy(entry, file);
                    Files.setPosixFilePermissions(file, Files.getPosixFilePermissions(entry));
                }
            }
        }
        home = only(folder.resolve("an installation"));
        protect(home, false);
        packed = files();
        java = folder.resolve("a runtime");
        link(modules());
        Files.createDirectories(folder.resolve("bin"));
        for (String program : Set.of("mvn", "java", "javac")) {
            Path trap = Files.writeString(
                    folder.resolve("bin").resolve(program), "#!/bin/sh\necho $0 >>\"$TRAP\"\nexit 9\n");
            Files.setPosixFilePermissions(
                    trap, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE));
        }
    }

    @AfterAll
    static void let_the_folder_be_deleted() throws IOException {
        protect(home, true);
    }

    @Test
    void
            a_run_a_restoration_and_the_commands_for_plugins_need_a_java_runtime_only_and_write_nothing_into_the_installation()
                    throws IOException {
        Result run = palimpsest(
                "run",
                home.resolve("recipes/quickstart.yaml").toString(),
                "train.steps=2",
                "train.warmUp=1",
                "train.batch=8",
                "data.limit=60",
                "data.holdOut=20");
        assertThat(run.out()).contains("psnr", "runs/quickstart/1");
        Path made = folder.resolve("work/runs/quickstart/1");
        assertThat(made.resolve("report.html")).isNotEmptyFile();

        Result restored = palimpsest(
                "restore",
                made.toString(),
                "--input",
                made.resolve("held-out/y.npy").toString(),
                "--output",
                "restored");
        assertThat(restored.out()).contains("restored 20 of 20 observations");
        assertThat(folder.resolve("work/restored/y.npy")).hasSameBinaryContentAs(made.resolve("held-out/restored.npy"));

        Result plugins = palimpsest(
                "plugins", "--plugins", home.resolve("plugins-contrib").toString());
        assertThat(plugins.out()).doesNotContain("problem");
        for (String name : jars("plugins").keySet()) {
            assertThat(plugins.out()).contains(name.substring(0, name.lastIndexOf('-')));
        }
        assertThat(plugins.out()).contains("onnx", "external-process", "jpeg", "saturation");

        assertThat(palimpsest(
                                "verify",
                                home.resolve("plugins-contrib/palimpsest-saturation-0.1.0.jar")
                                        .toString())
                        .out())
                .contains("checks hold");
        assertThat(palimpsest("classpath").out())
                .contains(home.resolve("lib/palimpsest-api-0.1.0.jar").toString());

        assertThat(files()).isEqualTo(packed);
        assertThat(folder.resolve("traps.txt")).doesNotExist();
    }

    @Test
    void everything_that_is_built_and_written_for_users_is_packed() throws IOException {
        Path checkout = Path.of("..").toRealPath();
        for (String kind : Set.of("plugins", "plugins-contrib")) {
            assertThat(jars(kind)).isNotEmpty().isEqualTo(built(checkout.resolve(kind)));
        }
        for (String file : Set.of("LICENSE", "README.md", "docs/method.md", "recipes/data/fashion-mnist/LICENSE.txt")) {
            assertThat(home.resolve(file)).hasSameBinaryContentAs(checkout.resolve(file));
        }
        assertThat(home.resolve("bin/palimpsest"))
                .isExecutable()
                .hasSameBinaryContentAs(checkout.resolve("runtime/bin/palimpsest"));
        assertThat(only(home.resolve("lib"), "nd4j-native-[0-9].*-(linux|macosx|windows).*"))
                .isRegularFile();
        assertThat(System.getProperty("distribution"))
                .matches(".*/palimpsest-0\\.1\\.0-(linux|macosx|windows|cuda).*\\.zip");
    }

    private static Result palimpsest(String... arguments) throws IOException {
        Path work = Files.createDirectories(folder.resolve("work"));
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        ProcessBuilder builder = new ProcessBuilder(
                        Stream.concat(Stream.of(home.resolve("bin/palimpsest").toString()), Arrays.stream(arguments))
                                .toList())
                .directory(work.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", java.toString());
        builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("TRAP", folder.resolve("traps.txt").toString());
        Process process = builder.start();
        try {
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("still running after 5 minutes: " + String.join(" ", arguments));
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        Result result = new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        assertThat(result.code()).as(result.err()).isZero();
        return result;
    }

    /** The modules that the Dockerfile names; those that a newer JDK has merged into others are left out. */
    private static String modules() throws IOException {
        Matcher named = MODULES.matcher(Files.readString(home.resolve("Dockerfile")));
        assertThat(named.find()).isTrue();
        Set<String> there = ModuleFinder.ofSystem().findAll().stream()
                .map(ModuleReference::descriptor)
                .map(descriptor -> descriptor.name())
                .collect(Collectors.toSet());
        return Arrays.stream(named.group(1).split(",")).filter(there::contains).collect(Collectors.joining(","));
    }

    private static void link(String modules) {
        int code = ToolProvider.findFirst("jlink")
                .orElseThrow()
                .run(
                        new PrintWriter(System.out, true),
                        new PrintWriter(System.err, true),
                        "--add-modules",
                        modules,
                        "--output",
                        java.toString());
        assertThat(code).isZero();
    }

    /** The size and the time of each file of the installation. */
    private static Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(home)) {
            for (Path file : (Iterable<Path>) tree::iterator) {
                files.put(
                        home.relativize(file).toString(),
                        (Files.isDirectory(file) ? "" : Files.size(file)) + " " + Files.getLastModifiedTime(file));
            }
        }
        return files;
    }

    private static void protect(Path root, boolean writable) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path file : (Iterable<Path>) tree::iterator) {
                Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
                if (writable) {
                    permissions.add(PosixFilePermission.OWNER_WRITE);
                } else {
                    permissions.removeAll(Set.of(
                            PosixFilePermission.OWNER_WRITE,
                            PosixFilePermission.GROUP_WRITE,
                            PosixFilePermission.OTHERS_WRITE));
                }
                Files.setPosixFilePermissions(file, permissions);
            }
        }
    }

    private static Map<String, Long> jars(String kind) throws IOException {
        return sizes(home.resolve(kind), 1);
    }

    private static Map<String, Long> built(Path kind) throws IOException {
        return sizes(kind, 3);
    }

    /** Sizes of the plugins' JARs by name. */
    private static Map<String, Long> sizes(Path root, int depth) throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(root, depth)) {
            for (Path file : (Iterable<Path>) tree::iterator) {
                String name = file.getFileName().toString();
                if (name.endsWith(".jar") && !name.startsWith("original-")) {
                    sizes.put(name, Files.size(file));
                }
            }
        }
        return sizes;
    }

    private static Path only(Path parent) throws IOException {
        return only(parent, ".*");
    }

    private static Path only(Path parent, String name) throws IOException {
        try (Stream<Path> files = Files.list(parent)) {
            return assertThat(files.filter(file -> file.getFileName().toString().matches(name)))
                    .hasSize(1)
                    .first()
                    .actual();
        }
    }
}
