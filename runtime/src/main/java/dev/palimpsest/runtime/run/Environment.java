package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.plugin.Plugins;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What else could change the bits of a result: the processor, whose vector extensions decide which kernels the libraries choose; the libraries; the JVM and
 * how it was started; and the environment variables that those read. Names of machines, users and folders are left out.
 */
public final class Environment {
    private static final String BINARIES = "(nd4j-native|nd4j-cuda|openblas|mkl|javacpp)-.*\\.jar";
    /** What numerical libraries read. */
    static final String VARIABLES = "(OMP|GOMP|KMP|OPENBLAS|GOTO|MKL|DNNL|ONEDNN|ND4J|SD)_.*";

    private static final Pattern JVM_OPTIONS = Pattern.compile("(-X|--|-Dpalimpsest\\.fused=).*");

    private Environment() {}

    /** Names and values, in a fixed order; the variables that are set come last, by name. */
    public static Map<String, String> describe() {
        Properties backend = Nd4j.getExecutioner().getEnvironmentInformation();
        Processor processor = Processor.here();
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("palimpsest", Plugins.apiVersion());
        environment.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        environment.put("javaOptions", javaOptions());
        environment.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        environment.put("processor", processor.model());
        environment.put("vectorExtensions", processor.vectorExtensions());
        environment.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        environment.put("backend", Nd4j.getBackend().getClass().getSimpleName());
        environment.put("binaries", jars(BINARIES).collect(Collectors.joining(" ")));
        environment.put("threads", String.valueOf(backend.get("omp.threads")));
        environment.put("blas", String.valueOf(backend.get("blas.vendor")));
        environment.put("device", Nd4j.getExecutioner().type() == OpExecutioner.ExecutionerType.CUDA ? "CUDA" : "CPU");
        environment.putAll(variables(VARIABLES));
        return environment;
    }

    private static String javaOptions() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> JVM_OPTIONS.matcher(option).matches() && namesNoFile(option))
                .collect(Collectors.joining(" "));
    }

    /** The names of the JARs of the class path that match, in order. */
    static Stream<String> jars(String pattern) {
        return Arrays.stream(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
                .map(entry -> Path.of(entry).getFileName())
                .map(String::valueOf)
                .filter(name -> name.matches(pattern))
                .sorted();
    }

    /** The environment variables whose names match, by name; those that name files are left out. */
    static SortedMap<String, String> variables(String pattern) {
        SortedMap<String, String> set = new TreeMap<>(System.getenv());
        set.entrySet().removeIf(variable -> !variable.getKey().matches(pattern) || !namesNoFile(variable.getValue()));
        return set;
    }

    private static boolean namesNoFile(String value) {
        return !value.contains("/") && !value.contains("\\");
    }
}
