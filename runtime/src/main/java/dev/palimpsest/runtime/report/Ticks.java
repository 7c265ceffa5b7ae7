package dev.palimpsest.runtime.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Where an axis has marks. */
final class Ticks {
    private Ticks() {}

    /** Multiples of 1, 2 or 5 times a power of ten, about as many as wished. */
    static List<Double> linear(double from, double to, int wished) {
        double rough = (to - from) / wished;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double unit = rough / power;
        double step = power * (unit < 1.5 ? 1 : unit < 3.5 ? 2 : unit < 7.5 ? 5 : 10);
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(from / step - 1e-9); i * step <= to + 1e-9 * step; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** Powers of two between two powers, about as many as wished. */
    static List<Double> powersOfTwo(double fromPower, double toPower, int wished) {
        int first = (int) Math.ceil(fromPower);
        int last = (int) Math.floor(toPower);
        int every = Math.max(1, (last - first + wished) / wished);
        return IntStream.rangeClosed(first, last)
                .filter(power -> (power - first) % every == 0)
                .mapToObj(power -> Math.pow(2, power))
                .toList();
    }

    /** 1, 2 and 5 times the powers of ten between two powers; every so many a power alone where there are more than three; round numbers where there are fewer than two. */
    static List<Double> logarithmic(double fromPower, double toPower, int wished) {
        int first = (int) Math.floor(fromPower);
        int last = (int) Math.ceil(toPower);
        List<Integer> digits = toPower - fromPower > 3 ? List.of(1) : List.of(1, 2, 5);
        int every = digits.size() > 1 ? 1 : Math.max(1, (int) Math.round((toPower - fromPower) / wished));
        List<Double> ticks = IntStream.rangeClosed(first, last)
                .filter(power -> Math.floorMod(power, every) == 0)
                .boxed()
                .flatMap(power -> digits.stream().map(digit -> Double.parseDouble(digit + "e" + power)))
                .filter(value -> Math.log10(value) >= fromPower && Math.log10(value) <= toPower)
                .toList();
        return ticks.size() > 1
                ? ticks
                : linear(Math.pow(10, fromPower), Math.pow(10, toPower), wished).stream()
                        .filter(value -> value > 0)
                        .toList();
    }
}
