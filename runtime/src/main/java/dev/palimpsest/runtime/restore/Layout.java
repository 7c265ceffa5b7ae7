package dev.palimpsest.runtime.restore;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The folders of the results: one, or a folder for each draw, then mean and deviation.
 *
 * @param folders the parts
 * @param draws how many of these are draws
 */
record Layout(List<Path> folders, int draws) {
    static Layout of(Path output, int draws) {
        if (draws == 1) {
            return new Layout(List.of(output), 1);
        }
        List<Path> folders = new ArrayList<>();
        for (int k = 1; k <= draws; k++) {
            folders.add(output.resolve("draw-" + k));
        }
        folders.add(output.resolve("mean"));
        folders.add(output.resolve("deviation"));
        return new Layout(List.copyOf(folders), draws);
    }

    int mean() {
        return draws;
    }

    int deviation() {
        return draws + 1;
    }

    /** Whether a file is there in all parts. */
    boolean has(String relative) {
        return folders.stream().allMatch(folder -> Files.isRegularFile(folder.resolve(relative)));
    }
}
