package dev.palimpsest.runtime.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where an array lies: a .npy file, or an array of a .npz file.
 *
 * @param array its name in a .npz file; empty for a .npy file
 */
public record ArrayPlace(Path file, Optional<String> array) {
    private static final String NPZ = ".npz";

    /**
     * The array of a file: of a .npz file, by its ending, the one of this name, or its only one.
     *
     * @throws DataException if a .npz file cannot be read
     */
    public static ArrayPlace of(Path file, String array) {
        return Inputs.name(file).endsWith(NPZ) ? ofArchive(file, array) : new ArrayPlace(file, Optional.empty());
    }

    /**
     * The array of a .npz file, whatever its ending: the one of this name, or its only one.
     *
     * @throws DataException if it cannot be read
     */
    static ArrayPlace ofArchive(Path file, String array) {
        List<String> names = Npz.names(file);
        return new ArrayPlace(file, Optional.of(names.size() == 1 ? names.get(0) : array));
    }

    /**
     * An array beside another one in its file; empty if that is no .npz file, or has none of this name.
     *
     * @throws DataException if a .npz file cannot be read
     */
    public Optional<ArrayPlace> beside(String other) {
        return array.isPresent()
                        && !array.get().equals(other)
                        && Npz.names(file).contains(other)
                ? Optional.of(new ArrayPlace(file, Optional.of(other)))
                : Optional.empty();
    }

    /**
     * Opens it.
     *
     * @param scratch a folder for what is packed
     * @throws DataException if there is no such file or array, or it is malformed
     */
    public NpyFile open(Path scratch) {
        return array.isPresent() ? Npz.open(file, array, scratch) : NpyFile.open(file);
    }

    /** The file, and the array in it. */
    @Override
    public String toString() {
        return file + array.map(name -> ", array " + name).orElse("");
    }
}
