package dev.palimpsest.runtime.restore;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is to be restored, and how.
 *
 * @param input a .npy file of observations [n, ...], a .npz file of an array y, an image, or a folder of images, in folders of folders too, or of y.npy or
 *     y.npz
 * @param output the folder of the results, in the input's format and with its names
 * @param conditioning what is known of each observation's corruption: a .npy or .npz file, a row for each in the order of their names; or for images an image, or a
 *     folder of images with the observations' names, black for 0 and white for 1. Where it is left out, the array conditioning of the same
 *     .npz file, or conditioning.npy beside the input, if needed
 * @param lost how lost values are marked, from which the conditioning is made
 * @param estimate what is written for each observation; both stand in folders sample and posterior-mean
 * @param draws how many samples of each; more than one stand in folders draw-1, ..., beside mean and deviation
 * @param again whether what is in the output already is restored anew
 */
public record Request(
        Path input,
        Path output,
        Optional<Path> conditioning,
        Optional<LostMark> lost,
        Estimate estimate,
        int draws,
        boolean again) {
    /** @throws IllegalArgumentException if there is nothing to draw, or several draws of a mean are asked for */
    public Request {
        if (draws < 1) {
            throw new IllegalArgumentException("expected at least 1 draw, got " + draws);
        }
        if (draws > 1 && estimate == Estimate.MEAN) {
            throw new IllegalArgumentException("an observation has many samples, but one posterior mean: leave out the "
                    + draws + " draws, or ask for the estimate both");
        }
    }

    /** Asks for samples. */
    public Request(
            Path input, Path output, Optional<Path> conditioning, Optional<LostMark> lost, int draws, boolean again) {
        this(input, output, conditioning, lost, Estimate.SAMPLE, draws, again);
    }
}
