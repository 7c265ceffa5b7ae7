package dev.palimpsest.runtime.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Images in a folder and in the folders inside, in the order of their paths, each decoded when it is asked for. */
final class ImageFiles implements Table {
    private static final List<String> ENDINGS = List.of(".png", ".jpg", ".jpeg", ".tif", ".tiff");

    private final Path folder;
    private final String[] names;
    private final Fitting fitting;
    private final Planes first;

    private ImageFiles(Path folder, String[] names, Fitting fitting) {
        this.folder = folder;
        this.names = names;
        this.fitting = fitting;
        this.first = fitting.fitted(where(0), Planes.read(folder.resolve(names[0])));
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
    static boolean isIn(Path folder) {
        try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return files.anyMatch(file -> isImage(folder, file));
        } catch (IOException | UncheckedIOException e) {
            throw unreadable(folder, e);
        }
    }

    /** Paths relative to the folder, with slashes, sorted; those with a hidden part are left out. */
    private static String[] names(Path folder) {
        try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return files.filter(file -> isImage(folder, file))
                    .map(file -> folder.relativize(file)
                            .toString()
                            .replace(folder.getFileSystem().getSeparator(), "/"))
                    .sorted()
                    .toArray(String[]::new);
        } catch (IOException | UncheckedIOException e) {
            throw unreadable(folder, e);
        }
    }

    private static DataException unreadable(Path folder, Exception e) {
        return new DataException(folder + ": cannot be read (" + e.getMessage() + ")", e);
    }

    private static boolean isImage(Path folder, Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (ENDINGS.stream().noneMatch(name::endsWith) || !Files.isRegularFile(file)) {
            return false;
        }
        for (Path part : folder.relativize(file)) {
            if (part.toString().startsWith(".")) {
                return false;
            }
        }
        return true;
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
            Planes image = fitting.fitted(file.toString(), Planes.read(file));
            if (image.channels() != first.channels()) {
                throw new DataException(file + ": expected an image like " + names[0] + ", " + first.shown() + ", got "
                        + image.shown() + "; say data.channels=1 or data.channels=3 to make them alike");
            }
            if (image.height() != first.height() || image.width() != first.width()) {
                throw new DataException(file + ": expected an image like " + names[0] + ", " + first.shown() + ", got "
                        + image.shown() + "; say data.crop=[height,width] or data.resize=[height,width] to make them"
                        + " alike");
            }
            System.arraycopy(image.values(), 0, to, i * size, size);
        }
    }

    @Override
    public String where(int number) {
        return folder.resolve(names[number]).toString();
    }
}
