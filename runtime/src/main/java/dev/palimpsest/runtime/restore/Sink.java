package dev.palimpsest.runtime.restore;

/** Takes results block by block, and makes files of them; closed before its end, it leaves only those that are whole. */
interface Sink extends AutoCloseable {
    /** Observations are about to be read: what comes of them will be an own file from here on. */
    void begun(int[] items);

    /** Takes results of the observations that were read last, for one part of the layout. */
    void put(int part, int[] items, float[] values);

    /** The observations have all their results. */
    void finished(int[] items);

    /** No more will come. */
    void end();

    /** How many of so many observations that were put an interrupted call leaves behind. */
    int kept(int put);

    @Override
    void close();
}
