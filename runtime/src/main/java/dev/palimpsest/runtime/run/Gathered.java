package dev.palimpsest.runtime.run;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.runtime.data.DataSource;
import dev.palimpsest.runtime.data.Downloads;
import dev.palimpsest.runtime.data.Items;
import dev.palimpsest.runtime.data.Npy;
import dev.palimpsest.runtime.data.ObservationSet;
import dev.palimpsest.runtime.data.Places;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.data.Refill;
import dev.palimpsest.runtime.data.Split;
import dev.palimpsest.runtime.data.Table;
import dev.palimpsest.runtime.data.WholeImages;
import dev.palimpsest.runtime.plugin.PluginException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The observations of a recipe. They are gathered once, into a folder from which a run that goes on opens them again, without the data that they come
 * from.
 *
 * @param forward F, prepared for the items' shape
 * @param split which rows of the observations are trained on, and which are held out
 * @param clean the clean items of the held-out rows, in their order, where they are known
 * @param sourceMemory how many bytes the data source kept in memory
 * @param scenes the images that the observations are windows of, where they are
 */
record Gathered(
        ForwardModel forward,
        ObservationSet observations,
        Split split,
        Optional<INDArray> clean,
        long sourceMemory,
        Optional<Scenes> scenes)
        implements AutoCloseable {
    private static final String CLEAN = "clean.npy";

    /**
     * Opens what is in the folder, or gathers it.
     *
     * @param most how many rows to train on, and how many to hold out, at most
     */
    static Gathered in(
            Path folder,
            DataSource data,
            ForwardModel unprepared,
            RandomStreams streams,
            Path home,
            int most,
            Progress progress) {
        if (ObservationSet.isIn(folder)) {
            progress.stage("the observations are there from before");
            return again(folder, data, unprepared, streams, most);
        }
        if (data.patches().isPresent() && WholeImages.areIn(folder)) {
            progress.stage("the observations are there from before");
            return Scenes.again(data, unprepared, streams, folder).gathered(streams, most);
        }
        try (Items items = data.open(new Places(home, Downloads.folder(), folder), streams)) {
            if (data.patches().isPresent()) {
                return Scenes.gathered(data, items, unprepared, streams, folder, most, progress)
                        .gathered(streams, most);
            }
            Table table = items instanceof Items.Clean known ? known.x() : ((Items.Observed) items).y();
            Split split = first(most, Split.of(table.count(), data.limit(), data.holdOut(), streams));
            ForwardModel forward = unprepared.prepare(table.itemShape());
            int[] used = IntStream.concat(Arrays.stream(split.training()), Arrays.stream(split.heldOut()))
                    .toArray();
            if (items instanceof Items.Observed observed) {
                progress.stage("looking through " + used.length + " observations");
                ObservationSet set = kept(observed, used, new Refill(forward, streams), folder);
                return new Gathered(
                        forward,
                        set,
                        set.inPlace() ? split : inOrder(split),
                        Optional.empty(),
                        table.memory(),
                        Optional.empty());
            }
            progress.stage("simulating " + used.length + " observations");
            INDArray clean = table.rows(split.heldOut());
            Npy.write(folder.resolve(CLEAN), clean);
            ObservationSet set = simulated(table, used, forward, streams, folder);
            return new Gathered(forward, set, inOrder(split), Optional.of(clean), table.memory(), Optional.empty());
        }
    }

    private static Gathered again(
            Path folder, DataSource data, ForwardModel unprepared, RandomStreams streams, int most) {
        ObservationSet set = ObservationSet.open(folder);
        int count = Math.toIntExact(set.size());
        Split all = set.inPlace()
                ? Split.of(count, data.limit(), data.holdOut(), streams)
                : inOrder(count - data.holdOut(), data.holdOut());
        Path clean = folder.resolve(CLEAN);
        return new Gathered(
                unprepared.prepare(set.itemShape()),
                set,
                first(most, all),
                Files.exists(clean) ? Optional.of(Npy.read(clean)) : Optional.empty(),
                0,
                Optional.empty());
    }

    private static ObservationSet kept(Items.Observed observed, int[] used, Refill refill, Path folder) {
        try {
            return ObservationSet.of(observed, used, refill, folder);
        } catch (PluginException e) {
            throw e.at("filling the lost values of the observations");
        }
    }

    private static ObservationSet simulated(
            Table clean, int[] used, ForwardModel forward, RandomStreams streams, Path folder) {
        try {
            return ObservationSet.simulate(clean, used, forward, streams, folder);
        } catch (PluginException e) {
            throw e.at("simulating the observations");
        }
    }

    private static Split first(int most, Split split) {
        return new Split(Pipeline.first(most, split.training()), Pipeline.first(most, split.heldOut()));
    }

    /** The rows of observations that were gathered in the order of the split. */
    private static Split inOrder(Split split) {
        return inOrder(split.training().length, split.heldOut().length);
    }

    private static Split inOrder(int training, int heldOut) {
        return new Split(
                IntStream.range(0, training).toArray(),
                IntStream.range(training, training + heldOut).toArray());
    }

    @Override
    public void close() {
        observations.close();
        scenes.ifPresent(Scenes::close);
    }
}
