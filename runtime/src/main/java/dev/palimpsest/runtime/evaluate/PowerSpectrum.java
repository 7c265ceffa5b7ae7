package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.api.Doc;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How far the power spectrum of restored images is from that of clean ones, in decibels: the root mean square over rings of frequency of 10 log10(P / P'), with P
 * and P' the radially averaged power spectra of {@link RadialSpectrum} (the mean of |X|^2 over items, channels and a ring, before the logarithm).
 *
 * <p>Images of half the contrast have 6.02 dB. Phases are not seen: images with their phases scrambled have 0. The restored first half
 * is compared with the clean second half; identity: y's first half; floor: the clean first half. At most 2000 images of a half are used, and fewer where an
 * image has more than 4194 values. Vectors, and items fewer than four, have no score.
 */
@Doc("root mean square difference in dB of the radially averaged power spectra of restored and clean images")
public record PowerSpectrum() implements Metric {
    @Override
    public boolean needsClean() {
        return true;
    }

    @Override
    public List<Score> scores(HeldOut heldOut, RandomGenerator rng) {
        return heldOut
                .clean()
                .flatMap(clean -> RadialSpectrum.of(clean)
                        .flatMap(spectrum -> Halves.score(
                                "power-spectrum", heldOut.restored(), heldOut.y(), clean, spectrum::distance)))
                .stream()
                .toList();
    }
}
