package dev.palimpsest.runtime.data;

import java.nio.file.Path;

/**
 * Where data lie.
 *
 * @param home the folder of the installation, in which packaged data lie
 * @param downloads where {@code palimpsest data NAME} puts what it fetches
 * @param scratch where packed files are unpacked to; what is put there vanishes when it is closed
 */
public record Places(Path home, Path downloads, Path scratch) {}
