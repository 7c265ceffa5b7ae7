package dev.palimpsest.runtime.evaluate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What golden.py and golden_laws.py put in and got out. */
final class Golden {
    private Golden() {}

    /** The sequence of golden.py. */
    static INDArray items(int s, long... shape) {
        long length = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        float[] values = new float[(int) length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (((long) i * i * 7 + i * 13L + s) % 256 / 127.5 - 1);
        }
        return Nd4j.createFromArray(values).reshape('c', shape);
    }

    static double value(String file, String name) {
        try (InputStream in = Golden.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split(","))
                    .filter(cells -> cells[0].equals(name))
                    .mapToDouble(cells -> Double.parseDouble(cells[1]))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
