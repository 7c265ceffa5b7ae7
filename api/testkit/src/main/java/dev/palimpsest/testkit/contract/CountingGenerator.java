package dev.palimpsest.testkit.contract;

import java.util.random.RandomGenerator;

/** Says whether anything was drawn. */
final class CountingGenerator implements RandomGenerator {
    private final RandomGenerator rng;
    private long drawn;

    CountingGenerator(RandomGenerator rng) {
        this.rng = rng;
    }

    @Override
    public long nextLong() {
        drawn++;
        return rng.nextLong();
    }

    long drawn() {
        return drawn;
    }
}
