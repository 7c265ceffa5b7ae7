package dev.palimpsest.runtime.restore;

import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.ImageFile;
import dev.palimpsest.runtime.data.Planes;
import dev.palimpsest.runtime.data.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Maps in images that are called as the observations are, black for 0 and white for 1. */
final class KnownMaps implements Known {
    private final List<Path> maps;
    private final int channels;
    private final IntFunction<long[]> shape;

    /** @param shape of an observation: [channels, height, width] */
    KnownMaps(List<Path> maps, int channels, IntFunction<long[]> shape) {
        this.maps = maps;
        this.channels = channels;
        this.shape = shape;
    }

    /** Maps in a folder, and in folders in it, each of which is listed once at most. */
    static final class Folder {
        private final Path folder;
        private final Map<Path, Map<String, List<Path>>> imagesByStem = new HashMap<>();

        Folder(Path folder) {
            this.folder = folder;
        }

        /**
         * The map of an image: the file of the same name, or of that with another ending.
         *
         * @throws DataException if there is none, or more than one with other endings
         */
        Path of(Path relative) {
            Path same = folder.resolve(relative);
            if (Files.isRegularFile(same)) {
                return same;
            }
            List<Path> others = imagesByStem
                    .computeIfAbsent(same.getParent(), Folder::imagesByStem)
                    .getOrDefault(stem(same), List.of());
            if (others.size() != 1) {
                throw new DataException(folder + ": expected " + relative
                        + ", the conditioning of the observation of that name, perhaps with the ending of another kind of image, got "
                        + (others.isEmpty() ? "none" : others.size() + " of them"));
            }
            return others.get(0);
        }

        private static Map<String, List<Path>> imagesByStem(Path folder) {
            try (Stream<Path> files = Files.list(folder)) {
                return files.filter(ImageFile::isImage).collect(Collectors.groupingBy(Folder::stem));
            } catch (IOException noFolder) {
                return Map.of();
            }
        }

        private static String stem(Path file) {
            return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        }
    }

    @Override
    public float[] read(int[] items) {
        long[] itemShape = shape.apply(items[0]);
        int size = Math.toIntExact(channels * itemShape[1] * itemShape[2]);
        float[] values = new float[items.length * size];
        for (int i = 0; i < items.length; i++) {
            Path file = maps.get(items[i]);
            Planes map = ImageFile.read(file).planes();
            if (map.channels() != channels || map.height() != itemShape[1] || map.width() != itemShape[2]) {
                throw new DataException(file + ": expected a map of " + ImageSource.shown(channels, itemShape)
                        + ", got " + ImageSource.shown(map));
            }
            for (int j = 0; j < size; j++) {
                values[i * size + j] = (map.values()[j] + 1) / 2;
            }
        }
        return values;
    }

    @Override
    public String where(int item) {
        return maps.get(item).toString();
    }

    @Override
    public List<Path> files() {
        return maps;
    }

    @Override
    public String digest(int item) {
        return Sha256.ofInput(maps.get(item));
    }
}
