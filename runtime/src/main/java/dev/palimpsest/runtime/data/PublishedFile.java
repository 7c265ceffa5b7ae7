package dev.palimpsest.runtime.data;

import java.net.URI;
import java.util.List;

/**
 * A file that others publish, and by what it is known.
 *
 * @param bytes its length
 * @param sha256 its SHA-256 digest in hexadecimal
 * @param sources where it can be fetched, tried in their order
 */
public record PublishedFile(String name, long bytes, String sha256, List<URI> sources) {}
