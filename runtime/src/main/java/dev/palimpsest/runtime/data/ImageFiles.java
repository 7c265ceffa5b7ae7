package dev.palimpsest.runtime.data;

import java.nio.file.Files;
import java.nio.file.Path;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Images in a folder and in the folders inside, in the order of their paths, each decoded when it is asked for. */
final class ImageFiles implements Table {
    private final Path folder;
    private final String[] names;
    private final Fitting fitting;
    private final Planes first;

    private ImageFiles(Path folder, String[] names, Fitting fitting) {
        this.folder = folder;
        this.names = names;
        this.fitting = fitting;
        this.first = fitting.fitted(
                where(0), ImageFile.read(folder.resolve(names[0])).planes());
    }

    /**
     * Opens a folder; the first image says which shape the others have to have.
     *
     * @return items [channels, height, width] in [-1, 1]; one channel if they are grey, three if they are coloured
     * @throws DataException if there are none, or the first cannot be read
     */
    static ImageFiles open(Path folder, Fitting fitting) {
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + ": expected a folder, got "
                    + (Files.exists(folder) ? "something else" : "a path at which there is nothing"));
        }
        String[] names = names(folder);
        if (names.length == 0) {
            throw new DataException(folder + ": expected PNG, JPEG or TIFF images, got none");
        }
        return new ImageFiles(folder, names, fitting);
    }

    /** Whether a folder has images, in it or in the folders inside. */
    static boolean areIn(Path folder) {
        return !ImageFile.under(folder).isEmpty();
    }

    /** Paths relative to the folder, which take less memory than whole ones. */
    private static String[] names(Path folder) {
        return ImageFile.under(folder).stream()
                .map(file -> folder.relativize(file).toString())
                .toArray(String[]::new);
    }

    @Override
    public int count() {
        return names.length;
    }

    @Override
    public long[] itemShape() {
        return new long[] {first.channels(), first.height(), first.width()};
    }

    @Override
    public void read(int[] numbers, float[] to) {
        int size = itemSize();
        for (int i = 0; i < numbers.length; i++) {
            Path file = folder.resolve(names[numbers[i]]);
            Planes image = fitting.fitted(file.toString(), ImageFile.read(file).planes());
            if (!image.isLike(first)) {
                throw new DataException(file + ": expected an image like " + names[0] + ", " + first.shown() + ", got "
                        + image.shown() + "; "
                        + (image.channels() != first.channels()
                                ? "say data.channels=1 or data.channels=3"
                                : "say data.crop=[height,width] or data.resize=[height,width]")
                        + " to make them alike");
            }
            System.arraycopy(image.values(), 0, to, i * size, size);
        }
    }

    @Override
    public long[] shape(int number) {
        int[] size = fitting.size(ImageFile.size(folder.resolve(names[number])));
        return new long[] {first.channels(), size[0], size[1]};
    }

    @Override
    public INDArray whole(int number) {
        Path file = folder.resolve(names[number]);
        Planes image = fitting.fitted(file.toString(), ImageFile.read(file).planes());
        return Nd4j.createFromArray(image.values()).reshape('c', 1, image.channels(), image.height(), image.width());
    }

    /** The path in the folder. */
    @Override
    public String name(int number) {
        return names[number];
    }

    @Override
    public boolean keepsFiller() {
        return false;
    }

    @Override
    public String where(int number) {
        return folder.resolve(names[number]).toString();
    }
}
