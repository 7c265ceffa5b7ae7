package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.plugin.Plugins;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/** What else could change the bits of a result: the machine, the JVM and the numerical libraries. */
public final class Environment {
    private Environment() {}

    /** Names and values, in a fixed order. */
    public static Map<String, String> describe() {
        Properties backend = Nd4j.getExecutioner().getEnvironmentInformation();
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("palimpsest", Plugins.apiVersion());
        environment.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        environment.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        environment.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        environment.put(
                "backend",
                Nd4j.getBackend().getClass().getSimpleName() + " "
                        + Nd4j.class.getPackage().getImplementationVersion());
        environment.put("threads", String.valueOf(backend.get("omp.threads")));
        environment.put("blas", String.valueOf(backend.get("blas.vendor")));
        environment.put("device", Nd4j.getExecutioner().type() == OpExecutioner.ExecutionerType.CUDA ? "CUDA" : "CPU");
        return environment;
    }
}
