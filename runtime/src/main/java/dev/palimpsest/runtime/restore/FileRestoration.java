package dev.palimpsest.runtime.restore;

import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.Observations;
import dev.palimpsest.runtime.data.ArrayPlace;
import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.ImageFile;
import dev.palimpsest.runtime.data.ObservationSet;
import dev.palimpsest.runtime.data.ObservedItems;
import dev.palimpsest.runtime.data.OffHeap;
import dev.palimpsest.runtime.run.DrawnMoments;
import dev.palimpsest.runtime.run.FolderLock;
import dev.palimpsest.runtime.run.Progress;
import dev.palimpsest.runtime.run.Restorer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Restores files, block by block, so that memory does not grow with their number; called again, only what is missing or was made from other input. Every
 * file that is there is whole.
 */
public final class FileRestoration {
    private static final String Y = ObservationSet.Y;
    private static final String Y_PACKED = "y.npz";
    private static final String CONDITIONING = ObservationSet.CONDITIONING;
    private static final double MEGA = 1e6;

    private final Restorer restorer;
    private final Request request;
    private final Progress progress;
    private final Path input;

    /** Of the images that were restored. */
    private long pixels;

    /** @throws DataException if the run gives no posterior means, and they are asked for; or if there is no input */
    public FileRestoration(Restorer restorer, Request request, Progress progress) {
        this.restorer = restorer;
        this.request = request;
        this.progress = progress;
        if (request.estimate() != Estimate.SAMPLE) {
            restorer.noMean().ifPresent(reason -> {
                throw new DataException("--estimate " + request.estimate() + ": " + reason);
            });
        }
        Path given = request.input();
        if (!Files.exists(given)) {
            throw new DataException(
                    given + ": expected an image, a .npy or .npz file, or a folder, but there is no such file");
        }
        input = Stream.of(Y, Y_PACKED)
                .map(given::resolve)
                .filter(array -> Files.isDirectory(given) && Files.exists(array))
                .findFirst()
                .orElse(given);
    }

    /**
     * Restores what is missing, until the progress is stopped.
     *
     * @throws DataException if a file is not as the run was trained on, what has to be known of the observations is not given, or the output has results that
     *     were made otherwise
     * @throws dev.palimpsest.runtime.run.RunException if another process is restoring into the same output
     * @throws UncheckedIOException if a file cannot be written
     */
    public Restored run() {
        long begun = System.nanoTime();
        // before a packed array is unpacked there
        requireApart();
        boolean marked = request.lost().isPresent();
        try (Source source = source();
                Known known = known(source)) {
            Filler filler = new Filler(restorer, source, known, marked);
            if (known instanceof KnownMaps && !filler.draws()) {
                progress.warning(
                        "the run's forward model has no filler for lost values: whatever stands for them in the"
                                + " images is taken as it is");
            }
            int draws = filler.draws() ? request.draws() : 1;
            if (draws < request.draws()) {
                progress.warning("nothing is drawn in restoring with this run and input, so that all " + request.draws()
                        + " draws would be the same: each observation is restored once");
            }
            return FolderLock.whileHeld(
                    request.output(),
                    "another process is restoring into " + request.output()
                            + "; wait for its end, or name another --output",
                    () -> restored(source, known, filler, draws, begun));
        }
    }

    private Restored restored(Source source, Known known, Filler filler, int draws, long begun) {
        Layout layout = Layout.of(request.output(), request.estimate(), draws);
        Targets targets = new Targets(layout, source, known);
        targets.requireNoInput();
        Manifest manifest = Manifest.open(request.output(), identity(draws), request.again());
        if (!request.again()) {
            targets.requireOwn(manifest);
        }
        int[] missing = source.missing(manifest, known, layout);
        int restored = missing.length == 0 ? 0 : restored(source, known, filler, layout, manifest, missing);
        return new Restored(
                request.output(),
                source.count(),
                restored,
                draws,
                (System.nanoTime() - begun) / 1e9,
                restored < missing.length,
                source.results().size() == 1,
                restorer.sizes().larger() ? pixels / MEGA : 0);
    }

    private int restored(Source source, Known known, Filler filler, Layout layout, Manifest manifest, int[] missing) {
        int done = 0;
        progress.restoring(missing.length);
        try (Sink sink = source.sink(layout, manifest, known)) {
            for (int[] items : Blocks.of(source.count(), missing, blockSize(source))) {
                if (progress.stopped()) {
                    break;
                }
                sink.begun(items);
                watch(source.shape(items[0]), layout);
                float[] y = source.read(items);
                float[] conditioning = known.read(items);
                restored(items, draw -> filler.of(items, y, conditioning, draw), layout, sink);
                sink.finished(items);
                done += items.length;
                pixels += items.length * pixels(source.shape(items[0]));
                progress.restored(done);
            }
            if (done < missing.length) {
                progress.restoringEnded();
                return sink.kept(done);
            }
            sink.end();
            progress.restoringEnded();
        }
        return done;
    }

    /** Tells how much of a large image is done: of each of its samples, and of its mean. */
    private void watch(long[] shape, Layout layout) {
        long tiles = restorer.tiles(shape);
        long all = tiles * (layout.draws() + (layout.estimate() == Estimate.SAMPLE ? 0 : 1));
        AtomicLong done = new AtomicLong();
        restorer.watch(
                tiles == 1
                        ? some -> {}
                        : some -> progress.restoringPart(
                                Math.min(1, (double) done.addAndGet(some) / all), pixels(shape) / MEGA));
    }

    private static long pixels(long[] shape) {
        return shape.length == 3 ? shape[1] * shape[2] : 0;
    }

    /** Images whose sizes may differ come one by one. */
    private int blockSize(Source source) {
        return source instanceof ImageSource && restorer.sizes().larger() ? 1 : restorer.blockSize(source.shape(0));
    }

    /** Restores a block, whose observations are given for each draw; the posterior mean is that of the first. */
    private void restored(int[] items, IntFunction<Observations> observed, Layout layout, Sink sink) {
        if (layout.estimate() == Estimate.MEAN) {
            sink.put(layout.posteriorMean(), items, values(observed.apply(1), restorer::mean));
            return;
        }
        boolean several = layout.draws() > 1;
        Optional<DrawnMoments> moments = Optional.empty();
        for (int draw = 1; draw <= layout.draws(); draw++) {
            float[] x = draw == 1 && layout.estimate() == Estimate.BOTH
                    ? values(observed.apply(draw), y -> {
                        Restorer.Estimates both = restorer.both(y);
                        sink.put(layout.posteriorMean(), items, Numbers.of(both.mean()));
                        OffHeap.free(both.mean());
                        return both.sample();
                    })
                    : values(observed.apply(draw), restorer::restore);
            sink.put(draw - 1, items, x);
            if (several) {
                moments = moments.or(() -> Optional.of(new DrawnMoments(x.length)));
                moments.get().add(x);
            }
        }
        moments.ifPresent(known -> {
            sink.put(layout.mean(), items, known.mean());
            sink.put(layout.deviation(), items, known.deviation());
        });
    }

    /** An estimate as Java has it; the arrays are freed. */
    private static float[] values(Observations observed, Function<Observations, INDArray> estimate) {
        INDArray x = estimate.apply(observed);
        float[] values = Numbers.of(x);
        OffHeap.free(x);
        OffHeap.free(observed.y());
        observed.conditioning().ifPresent(OffHeap::free);
        return values;
    }

    private Source source() {
        if (Files.isDirectory(input)) {
            List<Path> files = ImageFile.under(input);
            if (files.isEmpty()) {
                throw new DataException(input + ": expected PNG, JPEG or TIFF images, or " + Y + ", got none");
            }
            return new ImageSource(input, files, restorer.sizes(), restorer.fitting(), request.lost());
        }
        if (ImageFile.isImage(input)) {
            return new ImageSource(
                    folderOf(input), List.of(input), restorer.sizes(), restorer.fitting(), request.lost());
        }
        return new ArraySource(array(), conditioningArray(), restorer.sizes(), request.lost(), request.output());
    }

    private Known known(Source source) {
        DriftSignature signature = restorer.signature();
        if (signature.conditioningMaps() == 0 && signature.conditioningSize() == 0) {
            if (request.conditioning().isPresent() || request.lost().isPresent()) {
                throw new DataException("the run's drift is told nothing of the observations' corruption; leave out --"
                        + (request.lost().isPresent() ? "lost" : "conditioning"));
            }
            return Known.NOTHING;
        }
        if (request.lost().isPresent()) {
            if (request.conditioning().isPresent()) {
                throw new DataException("expected --conditioning or --lost, got both");
            }
            return Known.NOTHING;
        }
        if (source instanceof ImageSource images
                && request.conditioning().isPresent()
                && signature.conditioningMaps() > 0) {
            Path given = request.conditioning().get();
            if (Files.isDirectory(given) || ImageFile.isImage(given)) {
                return images.maps(given, signature.conditioningMaps());
            }
        }
        long[] shape = restorer.conditioningShape(source.count(), source.shape(0));
        return new KnownRows(
                conditioningArray()
                        .orElseThrow(() -> new DataException("the run's drift has to be told of each observation's"
                                + " corruption what the run's forward model tells: give " + Arrays.toString(shape)
                                + " with --conditioning FILE.npy or as " + besideInput()
                                + (signature.conditioningMaps() > 0
                                        ? ", images of the same names with --conditioning DIR, or, where pixels were lost and are"
                                                + " marked, --lost VALUE"
                                        : ""))),
                shape,
                request.output());
    }

    private ArrayPlace array() {
        return ArrayPlace.of(input, ObservedItems.Y);
    }

    /** The array of what is known of the observations: as given, or with or beside them where something has to be known. */
    private Optional<ArrayPlace> conditioningArray() {
        DriftSignature signature = restorer.signature();
        boolean needed = signature.conditioningMaps() > 0 || signature.conditioningSize() > 0;
        if (request.conditioning().isPresent()) {
            return request.conditioning().map(given -> ArrayPlace.of(given, ObservedItems.CONDITIONING));
        }
        if (!needed || request.lost().isPresent()) {
            return Optional.empty();
        }
        Optional<ArrayPlace> within = Files.isDirectory(input) || ImageFile.isImage(input)
                ? Optional.empty()
                : array().beside(ObservedItems.CONDITIONING);
        return within.or(() -> Optional.of(besideInput())
                .filter(Files::exists)
                .map(file -> ArrayPlace.of(file, ObservedItems.CONDITIONING)));
    }

    private Path besideInput() {
        return (Files.isDirectory(input) ? input : folderOf(input)).resolve(CONDITIONING);
    }

    private static Path folderOf(Path file) {
        return Optional.ofNullable(file.getParent()).orElse(Path.of(""));
    }

    /** Results among the observations, or among their conditioning, would be taken for these by the next call, or replace them. */
    private void requireApart() {
        try {
            Path to = Files.createDirectories(request.output()).toRealPath();
            requireApart(to, "input", input);
            if (!Files.isDirectory(input)
                    && to.equals(folderOf(input).toAbsolutePath().toRealPath())) {
                throw notApart("input", input);
            }
            if (request.conditioning().isPresent()) {
                requireApart(to, "conditioning", request.conditioning().get());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder " + request.output() + ": " + e, e);
        }
    }

    private void requireApart(Path to, String option, Path given) throws IOException {
        if (Files.isDirectory(given)) {
            Path from = given.toRealPath();
            if (to.startsWith(from) || from.startsWith(to)) {
                throw notApart(option, given);
            }
        }
    }

    private DataException notApart(String option, Path given) {
        return new DataException(
                "expected an --output apart from the --" + option + ", got " + request.output() + " for " + given);
    }

    private SortedMap<String, String> identity(int draws) {
        SortedMap<String, String> identity;
        if (request.estimate() == Estimate.SAMPLE) {
            identity = restorer.identity();
        } else {
            identity = restorer.meanIdentity();
            identity.put("estimate", request.estimate().toString());
        }
        identity.put("draws", Integer.toString(draws));
        request.lost().ifPresent(mark -> identity.put("lost", mark.toString()));
        return identity;
    }
}
