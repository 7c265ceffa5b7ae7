import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;

/**
 * Trains shortly on so many observations of 3 x 32 x 32 from disk, and prints the peak of the resident memory and the images that are trained on in a
 * second: {@code java benchmarks/Streaming.java FOLDER 10000 1000000}. A million take 12.3 GB of the folder; they are removed afterwards. Linux only.
 */
final class Streaming {
    private static final int SIZE = 3 * 32 * 32;
    private static final int DISTINCT = 10_000;
    private static final String RECIPE = """
            name: streaming
            data: {type: observations, path: %s, holdOut: 200}
            forward: {type: gaussian-noise, sigma: 0.2}
            drift: {type: unet, channels: 16, multipliers: [1, 1, 2], blocks: 1, attention: []}
            solver: {type: midpoint, steps: 4}
            train: {steps: 150, batch: 64, warmUp: 20, teacher: 0.9}
            evaluate: {metrics: [observation-energy]}
            """;

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]).toAbsolutePath();
        System.out.println("observations  peak MB  images/s (median)  seconds");
        for (String count : List.of(arguments).subList(1, arguments.length)) {
            measure(folder, Integer.parseInt(count));
        }
    }

    private static void measure(Path folder, int count) throws Exception {
        Files.createDirectories(folder);
        Path y = folder.resolve("y.npy");
        write(y, count);
        Path recipe = folder.resolve("streaming.yaml");
        Files.writeString(recipe, RECIPE.formatted(y));
        long start = System.nanoTime();
        Process run = new ProcessBuilder("runtime/bin/palimpsest", "run", recipe.toString(), "--runs", folder + "/runs")
                .redirectError(folder.resolve("streaming.log").toFile())
                .start();
        long peak = 0;
        while (run.isAlive()) {
            peak = Math.max(peak, peak(run.toHandle()));
            Thread.sleep(200);
        }
        String last = "";
        try (BufferedReader out = new BufferedReader(new InputStreamReader(run.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                last = line;
            }
        }
        if (run.exitValue() != 0) {
            throw new IllegalStateException(Files.readString(folder.resolve("streaming.log")));
        }
        double[] rates = Files.readAllLines(Path.of(last, "metrics.jsonl")).stream()
                .filter(line -> line.contains("itemsPerSecond"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll(".*\"itemsPerSecond\":\\s*([0-9.eE+-]+).*", "$1")))
                .sorted()
                .toArray();
        System.out.printf(
                Locale.ROOT,
                "%12d  %7.0f  %17.1f  %7.1f%n",
                count,
                peak / 1024.0,
                rates[rates.length / 2],
                (System.nanoTime() - start) / 1e9);
        Files.delete(y);
    }

    /** The peak in kB of a process and of those that it has started. */
    private static long peak(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants())
                .mapToLong(each -> {
                    try (Stream<String> lines = Files.lines(Path.of("/proc/" + each.pid() + "/status"))) {
                        return lines.filter(line -> line.startsWith("VmHWM"))
                                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                                .findFirst()
                                .orElse(0);
                    } catch (IOException | java.io.UncheckedIOException ended) {
                        return 0;
                    }
                })
                .max()
                .orElse(0);
    }

    /** Writes uniform numbers in [-1, 1]; after the first few thousand items the same again. */
    private static void write(Path file, int count) throws IOException {
        RandomGenerator rng = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        ByteBuffer items = ByteBuffer.allocate(DISTINCT * SIZE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (items.hasRemaining()) {
            items.putFloat(2 * rng.nextFloat() - 1);
        }
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + count + ", 3, 32, 32), }";
        byte[] padded = Arrays.copyOf(header.getBytes(StandardCharsets.US_ASCII), 118);
        Arrays.fill(padded, header.length(), 117, (byte) ' ');
        padded[117] = '\n';
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
            out.write(padded);
            for (int left = count; left > 0; left -= DISTINCT) {
                out.write(items.array(), 0, Math.min(left, DISTINCT) * SIZE * Float.BYTES);
            }
        }
    }
}
