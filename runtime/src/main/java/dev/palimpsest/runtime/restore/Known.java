package dev.palimpsest.runtime.restore;

import java.nio.file.Path;
import java.util.List;

/** What is known of each observation's corruption, numbered as they are. */
interface Known extends AutoCloseable {
    /** Nothing is given. */
    Known NOTHING = new Known() {
        @Override
        public float[] read(int[] items) {
            return new float[0];
        }

        @Override
        public String digest(int item) {
            return "";
        }

        @Override
        public String where(int item) {
            return "nowhere";
        }

        @Override
        public List<Path> files() {
            return List.of();
        }
    };

    /** The conditioning of these, one after another in row-major order; of no numbers if nothing is given. */
    float[] read(int[] items);

    /** The SHA-256 of what is known of one; empty if nothing is given. */
    String digest(int item);

    /** What holds the conditioning of one, for messages. */
    String where(int item);

    /** The files that it is read from. */
    List<Path> files();

    @Override
    default void close() {}
}
