package dev.palimpsest.runtime.simple;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The image of golden.py, and what was made of it. */
final class Noisy {
    static final int HEIGHT = 13;
    static final int WIDTH = 16;

    private Noisy() {}

    static double[] image() {
        double[] image = new double[HEIGHT * WIDTH];
        Arrays.setAll(
                image, i -> (i % WIDTH < WIDTH / 2 ? -.5 : .5) + .3 * ((i * i * 7 + i * 13 + 5) % 256 / 127.5 - 1));
        return image;
    }

    static double[] denoised(String name) {
        try (InputStream in = Noisy.class.getResourceAsStream("golden.csv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(name + ","))
                    .flatMapToDouble(
                            line -> Arrays.stream(line.split(",")).skip(1).mapToDouble(Double::parseDouble))
                    .toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static double[] constant(double value) {
        double[] image = new double[HEIGHT * WIDTH];
        Arrays.fill(image, value);
        return image;
    }

    /** The same image in two channels. */
    static double[] twice(double[] image) {
        double[] both = Arrays.copyOf(image, 2 * image.length);
        System.arraycopy(image, 0, both, image.length, image.length);
        return both;
    }
}
