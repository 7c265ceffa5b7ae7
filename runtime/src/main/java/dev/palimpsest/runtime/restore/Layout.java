package dev.palimpsest.runtime.restore;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The folders of the results: one, or first those of the samples, which are one or a folder for each draw, then mean and deviation; then that of the posterior means.
 * The folder mean always holds the mean over draws.
 *
 * @param folders the parts
 * @param estimate what they hold
 * @param draws how many of these are samples
 */
record Layout(List<Path> folders, Estimate estimate, int draws) {
    static Layout of(Path output, Estimate estimate, int draws) {
        if (estimate == Estimate.MEAN) {
            return new Layout(List.of(output), estimate, 0);
        }
        if (estimate == Estimate.SAMPLE && draws == 1) {
            return new Layout(List.of(output), estimate, 1);
        }
        List<Path> folders = new ArrayList<>();
        if (draws == 1) {
            folders.add(output.resolve("sample"));
        } else {
            for (int k = 1; k <= draws; k++) {
                folders.add(output.resolve("draw-" + k));
            }
            folders.add(output.resolve("mean"));
            folders.add(output.resolve("deviation"));
        }
        if (estimate == Estimate.BOTH) {
            folders.add(output.resolve("posterior-mean"));
        }
        return new Layout(List.copyOf(folders), estimate, draws);
    }

    /** Of the mean over draws, where there are several. */
    int mean() {
        return draws;
    }

    /** Of the deviation of draws, where there are several. */
    int deviation() {
        return draws + 1;
    }

    /** Of the posterior means, where they are asked for. */
    int posteriorMean() {
        return folders.size() - 1;
    }

    /** Whether a file is there in all parts. */
    boolean has(String relative) {
        return folders.stream().allMatch(folder -> Files.isRegularFile(folder.resolve(relative)));
    }
}
