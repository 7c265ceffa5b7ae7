package dev.palimpsest.runtime.restore;

import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.Fitting;
import dev.palimpsest.runtime.data.ImageFile;
import dev.palimpsest.runtime.data.ImageFormat;
import dev.palimpsest.runtime.data.Planes;
import dev.palimpsest.runtime.data.Sha256;
import dev.palimpsest.runtime.data.WholeFile;
import dev.palimpsest.runtime.run.Sizes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Images under a folder, each of which becomes an image of the same path and format. */
final class ImageSource implements Source {
    private final Path folder;
    private final List<Path> files;
    private final Sizes sizes;
    private final Fitting fitting;
    private final Optional<LostMark> lost;

    /** The formats of the images that were read last, in their order. */
    private ImageFormat[] formats = {};

    /**
     * @param sizes which observations the run restores
     * @param fitting how these were fitted
     */
    ImageSource(Path folder, List<Path> files, Sizes sizes, Fitting fitting, Optional<LostMark> lost) {
        long[] itemShape = sizes.item();
        if (itemShape.length != 3) {
            throw new DataException(folder + ": expected a .npy file of vectors [n, " + itemShape[0]
                    + "], as the run was trained on, got images");
        }
        this.folder = folder;
        this.files = List.copyOf(files);
        this.sizes = sizes;
        this.fitting = fitting;
        this.lost = lost;
    }

    @Override
    public int count() {
        return files.size();
    }

    @Override
    public long[] shape(int item) {
        if (!sizes.larger()) {
            return sizes.item();
        }
        int[] size = fitting.size(ImageFile.size(files.get(item)));
        return new long[] {sizes.item()[0], size[0], size[1]};
    }

    @Override
    public String name(int item) {
        return relative(item).toString();
    }

    @Override
    public List<Path> files() {
        return files;
    }

    @Override
    public List<String> results() {
        return IntStream.range(0, files.size()).mapToObj(this::name).toList();
    }

    @Override
    public boolean keepsFiller() {
        return false;
    }

    @Override
    public float[] read(int[] items) {
        float[][] images = new float[items.length][];
        formats = new ImageFormat[items.length];
        for (int i = 0; i < items.length; i++) {
            Path file = files.get(items[i]);
            ImageFile image = ImageFile.read(file);
            Planes planes = fitting.fitted(file.toString(), marked(file, image));
            if (!sizes.take(new long[] {planes.channels(), planes.height(), planes.width()})) {
                long[] itemShape = sizes.item();
                throw new DataException(file + ": expected an image of " + shown(itemShape[0], itemShape)
                        + (sizes.larger() ? ", or larger" : "") + ", as the run was trained on, got "
                        + shown(planes)
                        + (fitting.equals(Fitting.NONE) ? "; nothing is resized" : ", fitted as the run's data were"));
            }
            formats[i] = image.format().of(planes.channels());
            images[i] = planes.values();
        }
        return joined(images);
    }

    private static float[] joined(float[][] images) {
        int size = images[0].length;
        if (images.length == 1) {
            return images[0];
        }
        float[] values = new float[images.length * size];
        for (int i = 0; i < images.length; i++) {
            System.arraycopy(images[i], 0, values, i * size, size);
        }
        return values;
    }

    @Override
    public int[] missing(Manifest manifest, Known known, Layout layout) {
        return IntStream.range(0, files.size())
                .filter(item -> !layout.has(name(item)) || !manifest.has(name(item), digest(known, item)))
                .toArray();
    }

    @Override
    public Sink sink(Layout layout, Manifest manifest, Known known) {
        return new Sink() {
            /** Of what is about to be read: what changes after that will be restored again. */
            private final Map<String, String> digests = new TreeMap<>();

            /** Into which was written since they were forced to disk. */
            private final Set<Path> folders = new TreeSet<>();

            @Override
            public void begun(int[] items) {
                manifest.begin(
                        IntStream.of(items).mapToObj(ImageSource.this::name).toList());
                digests.clear();
                for (int item : items) {
                    digests.put(name(item), digest(known, item));
                }
            }

            @Override
            public void put(int part, int[] items, float[] values) {
                int size = values.length / items.length;
                long[] shape = shape(items[0]);
                for (int i = 0; i < items.length; i++) {
                    float[] own = Arrays.copyOfRange(values, i * size, (i + 1) * size);
                    if (layout.draws() > 1 && part == layout.deviation()) {
                        black(own);
                    }
                    Path file = layout.folders().get(part).resolve(relative(items[i]));
                    ImageFile.writeOneOfMany(
                            file, formats[i], new Planes((int) shape[0], (int) shape[1], (int) shape[2], own));
                    folders.add(file.toAbsolutePath().getParent());
                }
            }

            /** The names of the files are on disk before the manifest tells of them. */
            @Override
            public void finished(int[] items) {
                folders.forEach(WholeFile::forceFolder);
                folders.clear();
                manifest.add(digests);
            }

            @Override
            public void end() {}

            @Override
            public int kept(int put) {
                return put;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void close() {}

    /** The maps of these images, in a folder under their names, or where there is one image as it is. */
    Known maps(Path given, int channels) {
        KnownMaps.Folder folderOfMaps = new KnownMaps.Folder(given);
        boolean one = !Files.isDirectory(given);
        return new KnownMaps(
                IntStream.range(0, files.size())
                        .mapToObj(item -> one ? given : folderOfMaps.of(relative(item)))
                        .toList(),
                channels,
                this::shape);
    }

    /** Deviations from 0, black, to 1, white. */
    private static void black(float[] deviations) {
        for (int j = 0; j < deviations.length; j++) {
            deviations[j] = 2 * deviations[j] - 1;
        }
    }

    private Path relative(int item) {
        return folder.relativize(files.get(item));
    }

    private String digest(Known known, int item) {
        return (Sha256.ofInput(files.get(item)) + " " + known.digest(item)).strip();
    }

    private Planes marked(Path file, ImageFile image) {
        Planes planes = image.planes();
        float[] values = planes.values().clone();
        lost.ifPresent(mark -> {
            int pixels = values.length / planes.channels();
            boolean[] gone = gone(file, image, mark, pixels);
            for (int j = 0; j < values.length; j++) {
                if (gone[j % pixels]) {
                    values[j] = Float.NaN;
                }
            }
        });
        return new Planes(planes.channels(), planes.height(), planes.width(), values);
    }

    private static boolean[] gone(Path file, ImageFile image, LostMark mark, int pixels) {
        switch (mark.kind()) {
            case TRANSPARENT:
                if (image.transparent().length == 0) {
                    throw new DataException(file + ": expected an image with transparency, in which lost pixels are"
                            + " transparent, got one without");
                }
                return image.transparent();
            case NAN:
                throw new DataException(file + ": an image has no NaN; name the sample that marks lost pixels, such as"
                        + " --lost 0, or --lost transparent");
            default:
                int white = image.format().white();
                if (mark.value() != Math.rint(mark.value()) || mark.value() < 0 || mark.value() > white) {
                    throw new DataException(
                            file + ": expected a mark of lost pixels that is a sample, a whole number from" + " 0 to "
                                    + white + ", got " + mark);
                }
                float value = image.format().value((int) mark.value());
                boolean[] gone = new boolean[pixels];
                Arrays.fill(gone, true);
                float[] values = image.planes().values();
                for (int j = 0; j < values.length; j++) {
                    gone[j % pixels] &= values[j] == value;
                }
                return gone;
        }
    }

    static String shown(Planes image) {
        return shown(image.channels(), new long[] {image.channels(), image.height(), image.width()});
    }

    static String shown(long channels, long[] itemShape) {
        return channels + (channels == 1 ? " channel, " : " channels, ") + itemShape[2] + " wide and " + itemShape[1]
                + " high";
    }
}
