package dev.palimpsest.runtime.restore;

import java.nio.file.Path;
import java.util.List;

/** Observations in files, numbered in the order of their names, and where their restorations go. */
interface Source extends AutoCloseable {
    /** How many observations there are. */
    int count();

    /** The shape of an observation, without reading its values; those of a block have one shape. */
    long[] shape(int item);

    /** What an observation is called, in messages and for its randomness. */
    String name(int item);

    /**
     * Reads observations, one after another in row-major order.
     *
     * @return their values; all those of a pixel that is marked as lost are NaN
     * @throws dev.palimpsest.runtime.data.DataException if one is not as the run was trained on, or has values that are not finite and not marked
     */
    float[] read(int[] items);

    /** The files that the observations are read from. */
    List<Path> files();

    /** The files that the restorations become, in every part of the layout, as the manifest calls them. */
    List<String> results();

    /** Whether what stands for lost values can be what the forward model puts there, unlike in images, which end at black and white. */
    boolean keepsFiller();

    /** The numbers of those that no earlier call has finished. */
    int[] missing(Manifest manifest, Known known, Layout layout);

    /** Where the restorations go: those of the observations that were read last. */
    Sink sink(Layout layout, Manifest manifest, Known known);

    @Override
    void close();
}
