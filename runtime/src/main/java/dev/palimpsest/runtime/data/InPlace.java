package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * An array that is used where it lies, in a file that is not ours. A file counts as changed if its size or the time of its last change is another one. Not
 * noticed is other content of the same size whose time was put back (cp -p, rsync -t, tar) or is the same millisecond's, nor what changes after the file
 * was opened: a digest would notice the first, at the price of reading all of it at each start.
 *
 * @param offset where its .npy begins: 0, or the place of an entry in a .npz file
 * @param bytes how long its .npy is
 * @param size how long the whole file is
 * @param modified when the file was last changed, in milliseconds since 1970
 */
record InPlace(Path path, long offset, long bytes, long size, long modified) {
    static InPlace of(Path path, long offset, long bytes) throws IOException {
        return new InPlace(
                path.toAbsolutePath().normalize(),
                offset,
                bytes,
                Files.size(path),
                Files.getLastModifiedTime(path).toMillis());
    }

    void put(String name, Properties properties) {
        properties.setProperty(name + ".path", path.toString());
        properties.setProperty(name + ".offset", Long.toString(offset));
        properties.setProperty(name + ".bytes", Long.toString(bytes));
        properties.setProperty(name + ".size", Long.toString(size));
        properties.setProperty(name + ".modified", Long.toString(modified));
    }

    /** @throws DataException if the properties do not say where it lies, or the file has changed since */
    static InPlace get(String name, Properties properties, Path from) {
        InPlace place;
        try {
            place = new InPlace(
                    Path.of(properties.getProperty(name + ".path", "")),
                    Long.parseLong(properties.getProperty(name + ".offset", "")),
                    Long.parseLong(properties.getProperty(name + ".bytes", "")),
                    Long.parseLong(properties.getProperty(name + ".size", "")),
                    Long.parseLong(properties.getProperty(name + ".modified", "")));
        } catch (IllegalArgumentException e) {
            throw new DataException(
                    from + ": expected where " + name + " lies, in five lines; the file was changed", e);
        }
        Inputs.regular(place.path);
        try {
            if (!of(place.path, place.offset, place.bytes).equals(place)) {
                throw new DataException(place.path + ": was changed since the run began that uses it; put the old file"
                        + " back, or begin a new run");
            }
        } catch (IOException e) {
            throw Inputs.unreadable(place.path, e);
        }
        return place;
    }
}
