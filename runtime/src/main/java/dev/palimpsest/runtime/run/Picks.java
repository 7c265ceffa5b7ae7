package dev.palimpsest.runtime.run;

import com.sun.management.OperatingSystemMXBean;
import dev.palimpsest.api.FusedKernels;
import dev.palimpsest.runtime.plugin.Plugins;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/** What was picked for this machine (the ND4J binary, threads, memory, environment variables), and why. */
public final class Picks {
    /** The variables that the launcher has set, separated by commas. */
    private static final String CHOSEN = "palimpsest.chosen";

    private static final String LINUX = "linux-x86_64";
    private static final String CORE_TYPE = "OPENBLAS_CORETYPE";
    private static final String BINARY = "PALIMPSEST_ND4J";
    private static final String OPTIONS = "PALIMPSEST_JAVA_OPTS";
    private static final long MEGABYTE = 1 << 20;

    private final Processor processor = Processor.here();
    private final Properties backend = Nd4j.getExecutioner().getEnvironmentInformation();
    private final boolean cuda = Nd4j.getExecutioner().type() == OpExecutioner.ExecutionerType.CUDA;
    private final Set<String> chosen =
            Set.copyOf(Arrays.asList(System.getProperty(CHOSEN, "").split(",")));
    private final Map<String, Pick> picks = new LinkedHashMap<>();

    private Picks() {}

    /**
     * One fact.
     *
     * @param why who chose it and for which reason, and what would be better; empty where there was nothing to choose
     */
    public record Pick(String value, String why) {}

    /** Facts by name, in a fixed order; the environment variables that are set come last, by name. */
    public static Map<String, Pick> here() {
        Picks picks = new Picks();
        picks.machine();
        picks.libraries();
        picks.memory();
        picks.variables();
        return picks.picks;
    }

    private void machine() {
        pick("palimpsest", Plugins.apiVersion(), "");
        pick("processor", processor.model(), Runtime.getRuntime().availableProcessors() + " processors can be used");
        pick("vector extensions", processor.vectorExtensions(), "");
        pick(
                "java",
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                isSet("JAVA_HOME") ? "by JAVA_HOME" : "found on the PATH");
    }

    private void libraries() {
        List<String> binaries = Environment.jars(
                        "nd4j-" + (cuda ? "cuda" : "native") + "-[0-9].*-" + Loader.getPlatform() + ".*\\.jar")
                .map(jar -> jar.substring((cuda ? 0 : jar.indexOf(Loader.getPlatform())), jar.lastIndexOf('.')))
                .toList();
        pick("ND4J binary", String.join(" ", binaries), whyThese(binaries));
        pick(
                "device",
                cuda ? "CUDA" : "CPU",
                !cuda && Environment.jars("nd4j-cuda-.*").findAny().isPresent()
                        ? "ND4J found no CUDA device that it can use"
                        : "");
        pick(
                "fused kernels",
                !cuda && FusedKernels.allowed() ? "on" : "off",
                cuda
                        ? "arrays are on the device, so networks use ND4J's operations"
                        : System.getProperties().containsKey(FusedKernels.PROPERTY)
                                ? "by -D" + FusedKernels.PROPERTY
                                : "");
        pick(
                "BLAS",
                backend.get("blas.vendor") + ", kernels for "
                        + variable(CORE_TYPE).orElse("the processor that it detects"),
                chosen.contains(CORE_TYPE)
                        ? "by the launcher, as ND4J's OpenBLAS is older than many processors and is slow on those that it does not know; "
                                + CORE_TYPE + " overrides it"
                        : isSet(CORE_TYPE) ? "by " + CORE_TYPE : "");
        pick("threads", backend.get("omp.threads") + " of ND4J", whyThreads("OMP_NUM_THREADS"));
        pick("BLAS threads", backend.get("blas.threads") + "", whyThreads("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"));
    }

    private String whyThese(List<String> binaries) {
        if (binaries.size() != 1) {
            return "there should be one: delete the folder of libraries under runtime/target, and start again";
        }
        return (isSet(BINARY)
                        ? "by " + BINARY
                        : "picked for " + System.getProperty("os.name") + " on " + System.getProperty("os.arch"))
                + better(binaries.get(0));
    }

    private String better(String binary) {
        if (!binary.startsWith(LINUX)) {
            return "";
        }
        if (!binary.startsWith(LINUX + "-onednn")) {
            return "; it lacks oneDNN, without which convolutions are many times slower: " + BINARY + "=" + LINUX
                    + "-onednn";
        }
        return binary.equals(LINUX + "-onednn") && processor.vectorExtensions().contains("avx512f")
                ? "; its oneDNN uses AVX-512, and with " + BINARY + "=" + binary + "-avx512 so do ND4J's own operations"
                : "";
    }

    private void memory() {
        boolean byUser =
                variable(OPTIONS).filter(options -> options.contains("-Xm")).isPresent();
        long machine = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        pick("memory", megabytes(machine), "what the machine has, or its container may take");
        pick(
                "java heap, at most",
                megabytes(Runtime.getRuntime().maxMemory()),
                byUser
                        ? "by " + OPTIONS
                        : System.getProperties().containsKey(CHOSEN)
                                ? "a quarter of the memory, and not above 2 GB"
                                : "as the JVM was started");
        pick("arrays, at most", megabytes(Pointer.maxBytes()), "outside the Java heap");
        pick("process, at most", megabytes(Pointer.maxPhysicalBytes()), "Java heap and arrays together");
    }

    private void variables() {
        Environment.variables(Environment.VARIABLES + "|LC_ALL|MALLOC_.*|GLIBC_TUNABLES|PALIMPSEST_.*")
                .forEach((name, value) ->
                        pick(name, value, chosen.contains(name) ? "set by the launcher" : "set by the user"));
    }

    private static String whyThreads(String... variables) {
        return Arrays.stream(variables)
                .filter(Picks::isSet)
                .findFirst()
                .map(name -> "by " + name)
                .orElse("as many as there are processors");
    }

    private static boolean isSet(String variable) {
        return variable(variable).isPresent();
    }

    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
    }

    private static String megabytes(long bytes) {
        return bytes / MEGABYTE + " MB";
    }

    private void pick(String name, String value, String why) {
        picks.put(name, new Pick(value, why));
    }
}
