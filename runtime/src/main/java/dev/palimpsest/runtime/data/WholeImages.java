package dev.palimpsest.runtime.data;

import dev.palimpsest.api.Observations;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Observed images of any size, each decoded or simulated once and kept in a folder: their values in y.f32, what is known of each one's corruption in
 * conditioning.f32, the clean images in clean.f32 where they are known and held out, and where each begins in images.properties, which is written last.
 * Regions are read from disk when they are asked for; several threads may ask.
 */
public final class WholeImages implements AutoCloseable {
    private static final String INDEX = "images.properties";
    private static final String Y = "y.f32";
    private static final String CONDITIONING = "conditioning.f32";
    private static final String CLEAN = "clean.f32";

    /** Windows to train on are as many as lie beside each other in the images, times this, within the bounds below. */
    private static final int COVERED = 8;

    private static final int FEWEST = 1 << 12;
    private static final int MOST = 1 << 16;

    /** The part of a single image that is held out, at its bottom. */
    private static final double HELD_OUT = 0.25;

    private final int margin;
    private final int grid;
    private final int channels;
    private final List<Image> images;
    private final Known known;
    private final List<Region> training;
    private final List<Region> heldOut;
    private final Floats y;
    private final Optional<Floats> conditioning;
    private final Optional<Floats> clean;

    /** Where an image lies in the files; clean is below 0 where its clean image is not kept. */
    private record Image(String name, int height, int width, long y, long conditioning, long clean) {}

    /** What is known of each image: so many maps of its size, or so many numbers. */
    private record Known(int maps, int size) {}

    /** A part of an image. */
    record Region(int image, int top, int left, int height, int width) {
        long places(int ofHeight, int ofWidth, int grid) {
            return steps(height - ofHeight, grid) * steps(width - ofWidth, grid);
        }

        static long steps(int room, int grid) {
            return room < 0 ? 0 : room / grid + 1;
        }

        int beside(int ofHeight, int ofWidth) {
            return height / ofHeight * (width / ofWidth);
        }
    }

    private WholeImages(
            int margin,
            int grid,
            int channels,
            List<Image> images,
            Known known,
            List<Region> training,
            List<Region> heldOut,
            Path folder) {
        this.margin = margin;
        this.grid = grid;
        this.channels = channels;
        this.images = List.copyOf(images);
        this.known = known;
        this.training = List.copyOf(training);
        this.heldOut = List.copyOf(heldOut);
        y = Floats.open(folder.resolve(Y));
        conditioning = opened(folder.resolve(CONDITIONING));
        clean = opened(folder.resolve(CLEAN));
    }

    private static Optional<Floats> opened(Path file) {
        return Files.exists(file) ? Optional.of(Floats.open(file)) : Optional.empty();
    }

    /** Whether a folder holds what {@link Writer#finish} left. */
    public static boolean areIn(Path folder) {
        return Files.exists(folder.resolve(INDEX));
    }

    /** Takes images one after another, and keeps them in a folder; closed before its end, it leaves what no one takes for whole. */
    public static final class Writer implements AutoCloseable {
        private final Path folder;
        private final Floats y;
        private Optional<Floats> conditioning = Optional.empty();
        private Optional<Floats> clean = Optional.empty();
        private final List<Image> images = new ArrayList<>();
        private int channels;
        private Known known = new Known(0, 0);

        /** @throws FileException if the folder cannot be written to */
        public Writer(Path folder) {
            this.folder = folder;
            try {
                for (String file : List.of(INDEX, Y, CONDITIONING, CLEAN)) {
                    Files.deleteIfExists(folder.resolve(file));
                }
            } catch (IOException e) {
                throw new FileException("remove the older images of " + folder, e);
            }
            y = Floats.create(folder.resolve(Y));
        }

        /**
         * Keeps an image.
         *
         * @param observed y [1, c, H, W] and what is known of it, maps [1, m, H, W] or a vector [1, d]
         * @param x its clean image, if it is known and to be kept
         * @throws DataException if it has other channels than the others, or another kind of conditioning, or a value is not finite
         */
        public void add(String name, Observations observed, Optional<INDArray> x) {
            long[] shape = observed.y().shape();
            Known own = known(name, observed);
            if (images.isEmpty()) {
                channels = (int) shape[1];
                known = own;
            }
            if (shape[1] != channels) {
                throw new DataException(
                        name + ": expected an image of " + channels + " channels, as the others have, got " + shape[1]
                                + "; say data.channels=1 or data.channels=3");
            }
            if (!own.equals(known)) {
                throw new DataException(name + ": expected the conditioning to be of one kind for all images, got "
                        + own + " and " + known);
            }
            finite(name, "values", observed.y());
            observed.conditioning().ifPresent(c -> finite(name, "conditioning", c));
            images.add(new Image(
                    name,
                    (int) shape[2],
                    (int) shape[3],
                    y.append(Values.of(observed.y(), 0, 1)),
                    observed.conditioning()
                            .map(c -> (conditioning = conditioning.or(() -> begun(CONDITIONING)))
                                    .orElseThrow()
                                    .append(Values.of(c, 0, 1)))
                            .orElse(-1L),
                    x.map(c -> (clean = clean.or(() -> begun(CLEAN)))
                                    .orElseThrow()
                                    .append(Values.of(c, 0, 1)))
                            .orElse(-1L)));
        }

        private Optional<Floats> begun(String file) {
            return Optional.of(Floats.create(folder.resolve(file)));
        }

        private static Known known(String name, Observations observed) {
            if (observed.conditioning().isEmpty()) {
                return new Known(0, 0);
            }
            INDArray c = observed.conditioning().get();
            long[] y = observed.y().shape();
            if (c.rank() == 2) {
                return new Known(0, (int) c.size(1));
            }
            if (c.rank() != 4 || c.size(2) != y[2] || c.size(3) != y[3]) {
                throw new DataException(name + ": expected conditioning as vectors [1, d] or as maps [1, c, " + y[2]
                        + ", " + y[3] + "], got " + Arrays.toString(c.shape()));
            }
            return new Known((int) c.size(1), 0);
        }

        private static void finite(String name, String what, INDArray values) {
            Values.notFinite(values).ifPresent(bad -> {
                throw new DataException(name + ": expected finite " + what + ", but " + bad);
            });
        }

        /**
         * Ends, and opens what was kept.
         *
         * @param heldOut how many of the images, at the end, are held out; of a single one it is a part
         * @param patch of which size windows are, of which the held-out part of a single image has at least one
         * @param margin how wide the margin of a window is
         * @param grid of how many pixels the corners of windows are multiples
         */
        public WholeImages finish(int heldOut, Patch patch, int margin, int grid) {
            y.force();
            conditioning.ifPresent(Floats::force);
            clean.ifPresent(Floats::force);
            close();
            Properties index = new Properties();
            index.put("margin", Integer.toString(margin));
            index.put("grid", Integer.toString(grid));
            index.put("channels", Integer.toString(channels));
            index.put("maps", Integer.toString(known.maps));
            index.put("size", Integer.toString(known.size));
            index.put("images", Integer.toString(images.size()));
            index.put("heldOut", Integer.toString(heldOut));
            for (int i = 0; i < images.size(); i++) {
                Image image = images.get(i);
                index.put(i + ".name", image.name);
                index.put(
                        i + "",
                        image.height + " " + image.width + " " + image.y + " " + image.conditioning + " "
                                + image.clean);
            }
            StringWriter text = new StringWriter();
            try {
                index.store(text, "where the images lie");
            } catch (IOException cannotHappen) {
                throw new UncheckedIOException(cannotHappen);
            }
            WholeFile.write(folder.resolve(INDEX), text.toString().getBytes(StandardCharsets.UTF_8));
            return open(folder, patch);
        }

        @Override
        public void close() {
            y.close();
            conditioning.ifPresent(Floats::close);
            clean.ifPresent(Floats::close);
        }
    }

    /**
     * Opens what {@link Writer#finish} left.
     *
     * @throws DataException if it is damaged
     */
    public static WholeImages open(Path folder, Patch patch) {
        Properties index = new Properties();
        try (Reader in = Files.newBufferedReader(folder.resolve(INDEX))) {
            index.load(in);
        } catch (IOException e) {
            throw Inputs.unreadable(folder.resolve(INDEX), e);
        }
        try {
            return of(index, folder, patch);
        } catch (NumberFormatException | NullPointerException | IndexOutOfBoundsException damaged) {
            throw new DataException(
                    folder.resolve(INDEX) + ": expected where the images lie, as it was written, got something else",
                    damaged);
        }
    }

    private static WholeImages of(Properties index, Path folder, Patch patch) {
        int count = number(index, "images");
        int held = number(index, "heldOut");
        List<Image> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long[] numbers = Arrays.stream(index.getProperty(i + "").split(" "))
                    .mapToLong(Long::parseLong)
                    .toArray();
            images.add(new Image(
                    index.getProperty(i + ".name"),
                    (int) numbers[0],
                    (int) numbers[1],
                    numbers[2],
                    numbers[3],
                    numbers[4]));
        }
        List<Region> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new Region(i, 0, 0, images.get(i).height, images.get(i).width));
        }
        if (count == 1) {
            Region whole = all.get(0);
            int bottom = Math.max(patch.height(), (int) (HELD_OUT * whole.height));
            int grid = number(index, "grid");
            int top = (whole.height - bottom) / grid * grid;
            all = List.of(
                    new Region(0, 0, 0, top, whole.width), new Region(0, top, 0, whole.height - top, whole.width));
            held = 1;
        }
        return new WholeImages(
                number(index, "margin"),
                number(index, "grid"),
                number(index, "channels"),
                images,
                new Known(number(index, "maps"), number(index, "size")),
                all.subList(0, all.size() - held),
                all.subList(all.size() - held, all.size()),
                folder);
    }

    private static int number(Properties index, String key) {
        return Integer.parseInt(index.getProperty(key));
    }

    /** How wide the margin of a window is, in pixels. */
    public int margin() {
        return margin;
    }

    /** Of how many pixels the corners of windows are multiples. */
    public int grid() {
        return grid;
    }

    /** How many parts are held out: whole images, or one part of a single one. */
    public int heldOut() {
        return heldOut.size();
    }

    /** How many numbers the largest part has that is held out. */
    public long largest() {
        return heldOut.stream()
                .mapToLong(region -> (long) channels * region.height * region.width)
                .max()
                .orElse(0);
    }

    /** What the image of a part that is held out is called. */
    public String name(int part) {
        return images.get(heldOut.get(part).image).name;
    }

    /** A part that is held out, whole: y [1, c, H, W], and what is known of it. */
    public Observations whole(int part) {
        Region region = heldOut.get(part);
        return new Observations(of(y, region, channels, image -> image.y), known(region));
    }

    /** The clean image of a part that is held out, where it is known. */
    public Optional<INDArray> clean(int part) {
        return clean.map(values -> of(values, heldOut.get(part), channels, image -> image.clean));
    }

    private Optional<INDArray> known(Region region) {
        if (known.maps > 0) {
            return Optional.of(of(conditioning.orElseThrow(), region, known.maps, image -> image.conditioning));
        }
        return known.size == 0 ? Optional.empty() : Optional.of(vector(region.image));
    }

    private INDArray vector(int image) {
        float[] values = new float[known.size];
        conditioning.orElseThrow().read(images.get(image).conditioning, values, 0, values.length);
        return Nd4j.createFromArray(values).reshape('c', 1, known.size);
    }

    private interface Place {
        long in(Image image);
    }

    private INDArray of(Floats file, Region region, int planes, Place place) {
        float[] values = new float[planes * region.height * region.width];
        read(file, place.in(images.get(region.image)), region, planes, values, 0);
        return Nd4j.createFromArray(values).reshape('c', 1, planes, region.height, region.width);
    }

    private void read(Floats file, long at, Region region, int planes, float[] to, int offset) {
        Image image = images.get(region.image);
        for (int plane = 0; plane < planes; plane++) {
            for (int row = 0; row < region.height; row++) {
                long from = at + ((long) plane * image.height + region.top + row) * image.width + region.left;
                file.read(from, to, offset + (plane * region.height + row) * region.width, region.width);
            }
        }
    }

    /**
     * Windows to train on, with a margin around each, at places drawn uniformly from all of the images; the same seed draws the same.
     *
     * @throws DataException if no image has room for one
     */
    public Windows training(Patch patch, RandomGenerator rng) {
        int height = patch.height() + 2 * margin;
        int width = patch.width() + 2 * margin;
        long places = training.stream()
                .mapToLong(region -> region.places(height, width, grid))
                .sum();
        if (places == 0) {
            throw new DataException("no image to train on has room for a patch of " + patch.shown()
                    + (margin > 0 ? " with a margin of " + margin + " pixels, to which F reaches," : "")
                    + "; set a smaller data.patch");
        }
        long beside = training.stream()
                .mapToLong(region -> region.beside(height, width))
                .sum();
        int count = (int) Math.max(FEWEST, Math.min(MOST, COVERED * beside));
        List<Window> windows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            windows.add(at(rng.nextLong(places), height, width, patch.augment() ? rng.nextInt(Window.TURNS) : 0));
        }
        return new Windows(windows, height, width);
    }

    private Window at(long place, int height, int width, int turn) {
        for (Region region : training) {
            long own = region.places(height, width, grid);
            if (place < own) {
                long across = Region.steps(region.width - width, grid);
                return new Window(
                        region.image,
                        region.top + grid * (int) (place / across),
                        region.left + grid * (int) (place % across),
                        turn);
            }
            place -= own;
        }
        throw new IllegalStateException("there is no such place");
    }

    /** The windows beside each other that cover what is held out, without a margin at its border, image by image. */
    public Windows heldOut(Patch patch) {
        List<Window> windows = new ArrayList<>();
        for (int part = 0; part < heldOut.size(); part++) {
            for (int[] corner : corners(part, patch)) {
                Region region = heldOut.get(part);
                windows.add(new Window(region.image, region.top + corner[0], region.left + corner[1], 0));
            }
        }
        return new Windows(windows, patch.height(), patch.width());
    }

    /** Top and left of the windows in a part that is held out, in the order of {@link #heldOut(Patch)}. */
    public List<int[]> corners(int part, Patch patch) {
        Region region = heldOut.get(part);
        List<int[]> corners = new ArrayList<>();
        for (int top = margin; top + patch.height() + margin <= region.height; top += patch.height()) {
            for (int left = margin; left + patch.width() + margin <= region.width; left += patch.width()) {
                corners.add(new int[] {top, left});
            }
        }
        return corners;
    }

    /** The place of a window, and how it is turned: by as many quarters as the last two bits say, then mirrored if the third is set. */
    private record Window(int image, int top, int left, int turn) {
        static final int TURNS = 8;
    }

    /** Windows of one size, as observations. */
    public final class Windows {
        private final Window[] windows;
        private final int height;
        private final int width;

        private Windows(List<Window> windows, int height, int width) {
            this.windows = windows.toArray(Window[]::new);
            this.height = height;
            this.width = width;
        }

        public int count() {
            return windows.length;
        }

        /** The inner part of each, without the margin. */
        public Windows inner() {
            return new Windows(
                    Arrays.stream(windows)
                            .map(w -> new Window(w.image, w.top + margin, w.left + margin, w.turn))
                            .toList(),
                    height - 2 * margin,
                    width - 2 * margin);
        }

        /** These, and then others of the same size. */
        public Windows and(Windows others) {
            List<Window> all = new ArrayList<>(List.of(windows));
            all.addAll(List.of(others.windows));
            return new Windows(all, height, width);
        }

        /** Read from disk when they are asked for. */
        public ObservationSet observations() {
            return ObservationSet.of(
                    table(y, channels, image -> image.y),
                    known.maps > 0
                            ? Optional.of(table(conditioning.orElseThrow(), known.maps, image -> image.conditioning))
                            : known.size > 0 ? Optional.of(vectors()) : Optional.empty());
        }

        private Table table(Floats file, int planes, Place place) {
            return new Rows(new long[] {planes, height, width}) {
                @Override
                void read(Window window, float[] to, int offset) {
                    WholeImages.this.read(
                            file,
                            place.in(images.get(window.image)),
                            new Region(window.image, window.top, window.left, height, width),
                            planes,
                            to,
                            offset);
                    turned(window.turn, planes, to, offset);
                }
            };
        }

        private Table vectors() {
            return new Rows(new long[] {known.size}) {
                @Override
                void read(Window window, float[] to, int offset) {
                    conditioning.orElseThrow().read(images.get(window.image).conditioning, to, offset, known.size);
                }
            };
        }

        private void turned(int turn, int planes, float[] values, int offset) {
            if (turn == 0) {
                return;
            }
            int n = height;
            for (int plane = 0; plane < planes; plane++) {
                int at = offset + plane * n * n;
                float[] from = Arrays.copyOfRange(values, at, at + n * n);
                for (int row = 0; row < n; row++) {
                    for (int column = 0; column < n; column++) {
                        int i = row;
                        int j = (turn & 4) == 0 ? column : n - 1 - column;
                        for (int quarter = 0; quarter < (turn & 3); quarter++) {
                            int turned = n - 1 - i;
                            i = j;
                            j = turned;
                        }
                        values[at + row * n + column] = from[i * n + j];
                    }
                }
            }
        }

        /** A row for each window. */
        private abstract class Rows implements Table {
            private final long[] itemShape;

            Rows(long[] itemShape) {
                this.itemShape = itemShape;
            }

            abstract void read(Window window, float[] to, int offset);

            @Override
            public int count() {
                return windows.length;
            }

            @Override
            public long[] itemShape() {
                return itemShape.clone();
            }

            @Override
            public void read(int[] numbers, float[] to) {
                for (int i = 0; i < numbers.length; i++) {
                    read(windows[numbers[i]], to, i * itemSize());
                }
            }

            @Override
            public String where(int number) {
                return images.get(windows[number].image).name;
            }
        }
    }

    @Override
    public void close() {
        y.close();
        conditioning.ifPresent(Floats::close);
        clean.ifPresent(Floats::close);
    }
}
