package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 digests. */
public final class Sha256 {
    private static final int BUFFER = 1 << 16;

    private Sha256() {}

    /** The 32 bytes of a message's digest. */
    static byte[] of(byte[] message) {
        return digest().digest(message);
    }

    /** A message's digest in hexadecimal. */
    public static String hex(byte[] message) {
        return HexFormat.of().formatHex(of(message));
    }

    /**
     * A file's digest in hexadecimal.
     *
     * @throws IOException if it cannot be read
     */
    public static String hex(Path file) throws IOException {
        MessageDigest digest = digest();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * The digest of a file of the user's in hexadecimal.
     *
     * @throws DataException if it cannot be read
     */
    public static String ofInput(Path file) {
        Inputs.regular(file);
        try {
            return hex(file);
        } catch (IOException e) {
            throw Inputs.unreadable(file, e);
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new AssertionError(everyPlatformHasIt);
        }
    }
}
