package dev.palimpsest.runtime.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The processor, as far as the operating system tells: its model, and those of its features that numerical libraries choose their kernels by. */
record Processor(String model, String vectorExtensions) {
    private static final Path LINUX = Path.of("/proc/cpuinfo");
    private static final Pattern VECTORS = Pattern.compile("(sse|ssse|avx|fma|f16c|amx|asimd|neon|sve|bf16|i8mm).*");

    static Processor here() {
        List<String> lines = lines();
        String model = Stream.of("model name", "CPU part", "cpu", "uarch")
                .flatMap(name -> value(lines, name).stream())
                .findFirst()
                .or(() -> Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER")))
                .orElse("unknown");
        String extensions = Stream.of("flags", "Features", "isa")
                .flatMap(name -> value(lines, name).stream())
                .flatMap(flags -> Arrays.stream(flags.split("\\s+")))
                .filter(flag -> VECTORS.matcher(flag).matches())
                .sorted()
                .collect(Collectors.joining(" "));
        return new Processor(model, extensions.isEmpty() ? "unknown" : extensions);
    }

    private static List<String> lines() {
        try {
            return Files.isReadable(LINUX) ? Files.readAllLines(LINUX) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The value of the first line with this name, all processors of a machine being alike. */
    private static Optional<String> value(List<String> lines, String name) {
        return lines.stream()
                .map(line -> line.split("\\s*:\\s*", 2))
                .filter(parts -> parts.length == 2 && parts[0].equals(name))
                .map(parts -> parts[1].strip())
                .findFirst();
    }
}
