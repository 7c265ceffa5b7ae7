package dev.palimpsest.runtime.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Independent random streams, keyed by (seed, purpose, step): what one purpose draws never depends on how much another drew. */
public record RandomStreams(long seed) {
    private static final RandomGeneratorFactory<RandomGenerator> FACTORY =
            RandomGeneratorFactory.of("L64X128MixRandom");

    /** The stream for a purpose at a step: always the same from its start. */
    public RandomGenerator stream(String purpose, long step) {
        byte[] key = purpose.getBytes(StandardCharsets.UTF_8);
        ByteBuffer message = ByteBuffer.allocate(2 * Long.BYTES + key.length)
                .putLong(seed)
                .putLong(step)
                .put(key);
        return FACTORY.create(Sha256.of(message.array()));
    }
}
