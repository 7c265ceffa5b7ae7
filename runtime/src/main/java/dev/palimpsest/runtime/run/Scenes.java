package dev.palimpsest.runtime.run;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.DataSource;
import dev.palimpsest.runtime.data.Fitting;
import dev.palimpsest.runtime.data.Items;
import dev.palimpsest.runtime.data.Npy;
import dev.palimpsest.runtime.data.ObservationSet;
import dev.palimpsest.runtime.data.Patch;
import dev.palimpsest.runtime.data.Planes;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.data.Refill;
import dev.palimpsest.runtime.data.Shapes;
import dev.palimpsest.runtime.data.Split;
import dev.palimpsest.runtime.data.Table;
import dev.palimpsest.runtime.data.Values;
import dev.palimpsest.runtime.data.WholeImages;
import dev.palimpsest.runtime.evaluate.HeldOut;
import dev.palimpsest.runtime.plugin.PluginException;
import dev.palimpsest.runtime.probe.Grid;
import dev.palimpsest.runtime.probe.Parts;
import dev.palimpsest.runtime.probe.Reach;
import dev.palimpsest.runtime.transport.Tiling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Images of any size, which are trained on in windows and restored whole.
 *
 * @param images those that were observed
 * @param patch how windows are cut
 * @param forward F, not prepared
 * @param context windows to train on, with a margin around each
 */
record Scenes(WholeImages images, Patch patch, ForwardModel forward, ObservationSet context) implements AutoCloseable {
    /** In a run's folder, that of the images that are held out, each in a folder of its name. */
    static final String FOLDER = "held-out/images";

    private static final String DRAW = "observe";

    /** An image on which F's reach is found is this many windows high and wide, at most. */
    private static final int WINDOWS = 3;

    /** So many images are enough to look at, where nothing is trained. */
    private static final int EXAMINED = 2;

    /** Keeps the images of a data source, observed or simulated, and cuts them. */
    static Scenes gathered(
            DataSource data,
            Items items,
            ForwardModel forward,
            RandomStreams streams,
            Path folder,
            int most,
            Progress progress) {
        Patch patch = data.patches().orElseThrow();
        Table table = items instanceof Items.Clean known ? known.x() : ((Items.Observed) items).y();
        requireImages(table);
        int[] large = large(table, patch, progress);
        progress.stage("finding how far the forward model reaches");
        Surroundings around = surroundings(forward, patch, table.whole(large[0]), streams);
        progress.stage(around.told());
        Split split = large.length == 1
                ? new Split(new int[] {0}, new int[0])
                : first(most, Split.of(large.length, data.limit(), data.holdOut(), streams));
        progress.stage((items instanceof Items.Clean ? "simulating " : "reading ")
                + (split.training().length + split.heldOut().length) + " images");
        try (WholeImages.Writer writer = new WholeImages.Writer(folder)) {
            for (int k = 0; k < split.training().length; k++) {
                add(writer, items, large[split.training()[k]], k, large.length == 1, forward, streams);
            }
            for (int k = 0; k < split.heldOut().length; k++) {
                add(writer, items, large[split.heldOut()[k]], split.training().length + k, true, forward, streams);
            }
            return of(
                    writer.finish(split.heldOut().length, patch, around.margin(), around.grid()),
                    patch,
                    forward,
                    streams);
        } catch (PluginException e) {
            throw e.at("simulating the observations");
        }
    }

    /** Where not all items are asked for, a few images have enough of them. */
    private static Split first(int most, Split split) {
        int images = most == Integer.MAX_VALUE ? most : EXAMINED;
        return new Split(Pipeline.first(images, split.training()), Pipeline.first(images, split.heldOut()));
    }

    private static void requireImages(Table table) {
        if (table.itemShape().length != 3) {
            throw new DataException(
                    table.where(0) + ": expected images [channels, height, width] to cut patches from, got items "
                            + Arrays.toString(table.itemShape()) + "; leave out data.patch");
        }
    }

    /** The numbers of the images that a window fits into; the others are told. */
    private static int[] large(Table table, Patch patch, Progress progress) {
        int[] large = IntStream.range(0, table.count())
                .filter(image -> table.shape(image)[1] >= patch.height() && table.shape(image)[2] >= patch.width())
                .toArray();
        String size = patch.width() + " wide and " + patch.height() + " high";
        if (large.length == 0) {
            throw new DataException(table.where(0) + ": expected images in which a patch fits, " + size
                    + ", but all are smaller; set a smaller data.patch");
        }
        List<String> small = IntStream.range(0, table.count())
                .filter(image -> Arrays.binarySearch(large, image) < 0)
                .mapToObj(table::where)
                .toList();
        if (!small.isEmpty()) {
            progress.warning(small.size() + (small.size() == 1 ? " image is" : " images are")
                    + " left out, smaller than a patch, "
                    + size + ": " + String.join(", ", small.subList(0, Math.min(5, small.size())))
                    + (small.size() > 5 ? " and others" : ""));
        }
        return large;
    }

    /**
     * What F does around a pixel.
     *
     * @param reach how far it reaches
     * @param grid the side of the blocks that it works on
     */
    private record Surroundings(int reach, int grid) {
        /** As wide as it reaches, up to a multiple of the grid. */
        int margin() {
            return (reach + grid - 1) / grid * grid;
        }

        private static String pixels(int count) {
            return count + (count == 1 ? " pixel" : " pixels");
        }

        String told() {
            String blocks = grid > 1 ? ", and works on blocks of " + grid + " x " + grid + " pixels" : "";
            String begin = grid > 1 ? ", and begin at multiples of " + grid : "";
            return "the forward model reaches " + pixels(reach) + " far" + blocks + ": patches have a margin of "
                    + pixels(margin()) + begin;
        }
    }

    private static Surroundings surroundings(ForwardModel forward, Patch patch, INDArray image, RandomStreams streams) {
        INDArray part = image.get(
                        NDArrayIndex.all(),
                        NDArrayIndex.all(),
                        NDArrayIndex.interval(0, Math.min(image.size(2), (long) WINDOWS * patch.height())),
                        NDArrayIndex.interval(0, Math.min(image.size(3), (long) WINDOWS * patch.width())))
                .dup('c');
        try {
            ForwardModel prepared = forward.prepare(Shapes.item(part.shape()));
            int reach = patch.margin().orElseGet(() -> reach(prepared, patch, part, streams));
            int grid = Grid.of(prepared, part, reach, streams);
            requireWhole(patch, grid);
            if (patch.margin().isEmpty()) {
                requireAlike(forward, patch, part, reach, streams);
            }
            return new Surroundings(reach, grid);
        } catch (PluginException e) {
            throw e.at("finding how far the forward model reaches");
        }
    }

    private static void requireWhole(Patch patch, int grid) {
        if (patch.height() % grid != 0 || patch.width() % grid != 0) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "expected a patch whose sides are multiples of %1$d, because the forward model works on blocks of %1$d x %1$d pixels, got %2$d x %3$d;"
                            + " set data.patch: [%4$d, %5$d]",
                    grid,
                    patch.height(),
                    patch.width(),
                    (patch.height() + grid - 1) / grid * grid,
                    (patch.width() + grid - 1) / grid * grid));
        }
    }

    private static int reach(ForwardModel prepared, Patch patch, INDArray part, RandomStreams streams) {
        OptionalInt reach = Reach.of(prepared, part, streams);
        int most = Math.min(patch.height(), patch.width()) / 2;
        if (reach.isEmpty() || reach.getAsInt() > most) {
            throw new DataException("patches cannot be learned from alone: the forward model reaches "
                    + (reach.isEmpty() ? "across the whole image" : reach.getAsInt() + " pixels far")
                    + ", that is, a pixel of y depends on pixels of x so far away, where a patch of " + patch.width()
                    + " x "
                    + patch.height() + " allows " + most + "; "
                    + (reach.isEmpty() ? "leave out data.patch" : "set a larger data.patch"));
        }
        return reach.getAsInt();
    }

    private static void requireAlike(
            ForwardModel forward, Patch patch, INDArray image, int margin, RandomStreams streams) {
        if (2 * margin >= Math.min(patch.height(), patch.width())) {
            return;
        }
        Parts parts = Parts.of(forward, image, new int[] {patch.height(), patch.width()}, margin, streams);
        if (parts.differ()) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "patches cannot be learned from: the forward model changes a patch by %.3g in mean square, and the same pixels as"
                            + " a part of a larger image by %.3g, as one does that loses one block of each image, however large;"
                            + " leave out data.patch",
                    parts.alone(),
                    parts.within()));
        }
    }

    private static void add(
            WholeImages.Writer writer,
            Items items,
            int number,
            int stream,
            boolean keep,
            ForwardModel forward,
            RandomStreams streams) {
        if (items instanceof Items.Clean known) {
            INDArray x = known.x().whole(number);
            Observations y = forward.prepare(Shapes.item(x.shape())).apply(x, streams.stream(DRAW, stream));
            writer.add(known.x().name(number), y, Optional.of(x).filter(clean -> keep));
            return;
        }
        Items.Observed observed = (Items.Observed) items;
        Observations given = new Observations(
                observed.y().whole(number), observed.conditioning().map(known -> known.whole(number)));
        boolean refilled = given.conditioning().isPresent() && !observed.y().keepsFiller();
        Observations y = refilled
                ? new Refill(forward, streams)
                        .of(observed.y().name(number), 1, given)
                        .orElse(given)
                : given;
        writer.add(observed.y().name(number), y, Optional.empty());
    }

    /** Opens images that were kept. */
    static Scenes again(DataSource data, ForwardModel forward, RandomStreams streams, Path folder) {
        Patch patch = data.patches().orElseThrow();
        return of(WholeImages.open(folder, patch), patch, forward, streams);
    }

    private static Scenes of(WholeImages images, Patch patch, ForwardModel forward, RandomStreams streams) {
        try {
            return new Scenes(
                    images,
                    patch,
                    forward,
                    images.training(patch, streams.stream("windows", 0)).observations());
        } catch (RuntimeException e) {
            images.close();
            throw e;
        }
    }

    /** How many pixels around a window are corrupted with it. */
    int margin() {
        return images.margin();
    }

    /** How many tiles a window with its margin is cut into, each of which is transported. */
    long tilesOfWindow() {
        int height = patch.height();
        int width = patch.width();
        return margin() == 0
                ? 1
                : Tiling.withMargin(height, width, margin()).count(height + 2 * margin(), width + 2 * margin());
    }

    /** How an image is cut that is restored whole. */
    Tiling tiling() {
        return new Tiling(patch.height(), patch.width(), images.grid());
    }

    /** The windows to train on, without their margins, and then those that are held out. */
    Gathered gathered(RandomStreams streams, int most) {
        WholeImages.Windows training =
                images.training(patch, streams.stream("windows", 0)).inner();
        WholeImages.Windows heldOut = images.heldOut(patch);
        if (heldOut.count() == 0) {
            throw new DataException("no image that is held out has room for a patch of " + patch.width() + " x "
                    + patch.height()
                    + (margin() > 0 ? " with a margin of " + margin() + " pixels, to which F reaches," : "")
                    + "; set a smaller data.patch");
        }
        ObservationSet windows = training.and(heldOut).observations();
        return new Gathered(
                forward.prepare(windows.itemShape()),
                windows,
                new Split(
                        Pipeline.first(
                                most, IntStream.range(0, training.count()).toArray()),
                        Pipeline.first(
                                most,
                                IntStream.range(training.count(), training.count() + heldOut.count())
                                        .toArray())),
                clean().map(x -> x.get(NDArrayIndex.interval(0, Math.min(most, x.size(0))))),
                0,
                Optional.of(this));
    }

    /** How many numbers the largest image has that is held out. */
    long largest() {
        return images.largest();
    }

    private Optional<INDArray> clean() {
        List<INDArray> parts = new ArrayList<>();
        for (int part = 0; part < images.heldOut(); part++) {
            int own = part;
            if (!images.corners(part, patch).isEmpty()) {
                images.clean(part).ifPresent(x -> parts.add(windows(own, x)));
            }
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(Nd4j.concat(0, parts.toArray(INDArray[]::new)));
    }

    /** The windows of an image [1, c, H, W] that is held out, in their order; there is at least one. */
    INDArray windows(int part, INDArray image) {
        List<INDArray> cut = images.corners(part, patch).stream()
                .map(corner -> image.get(
                                NDArrayIndex.all(),
                                NDArrayIndex.all(),
                                NDArrayIndex.interval(corner[0], corner[0] + patch.height()),
                                NDArrayIndex.interval(corner[1], corner[1] + patch.width()))
                        .dup('c'))
                .toList();
        return Nd4j.concat(0, cut.toArray(INDArray[]::new));
    }

    /** Restores what is held out, image by image, into folders of their names; returns the windows of all. */
    HeldOut restored(Restoration restoration, Path folder) {
        List<HeldOut> parts = new ArrayList<>();
        for (int part = 0; part < images.heldOut(); part++) {
            HeldOut whole = restoration.whole(part);
            Path own = folder.resolve(images.name(part).replaceAll("[^A-Za-z0-9._-]", "_"));
            Npy.write(own.resolve("y.npy"), whole.y());
            Npy.write(own.resolve("restored.npy"), whole.restored());
            Npy.write(own.resolve("recorrupted.npy"), whole.recorrupted());
            whole.mean().ifPresent(x -> Npy.write(own.resolve("mean.npy"), x));
            whole.clean().ifPresent(x -> Npy.write(own.resolve("clean.npy"), x));
            int number = part;
            if (!images.corners(part, patch).isEmpty()) {
                parts.add(new HeldOut(
                        windows(number, whole.y()),
                        whole.conditioning()
                                .map(c -> c.rank() == 4
                                        ? windows(number, c)
                                        : Nd4j.repeat(
                                                c, images.corners(number, patch).size())),
                        windows(number, whole.restored()),
                        windows(number, whole.recorrupted()),
                        windows(number, whole.recorruptedIdentity()),
                        whole.clean().map(c -> windows(number, c)),
                        whole.mean().map(c -> windows(number, c)),
                        whole.recorruptedMean().map(c -> windows(number, c))));
            }
        }
        return HeldOut.joined(parts);
    }

    /** An image [1, c, H, W], scaled down where it has more rows or columns than so many. */
    static INDArray shrunk(INDArray image, int most) {
        int channels = (int) image.size(1);
        int height = (int) image.size(2);
        int width = (int) image.size(3);
        double scale = Math.min(1, (double) most / Math.max(height, width));
        List<Integer> size =
                List.of((int) Math.max(1, Math.round(height * scale)), (int) Math.max(1, Math.round(width * scale)));
        Planes planes = new Fitting(Optional.of(size), Optional.empty(), Optional.empty())
                .fitted("image", new Planes(channels, height, width, Values.of(image, 0, 1)));
        return Nd4j.createFromArray(planes.values()).reshape('c', 1, channels, size.get(0), size.get(1));
    }

    @Override
    public void close() {
        images.close();
    }
}
