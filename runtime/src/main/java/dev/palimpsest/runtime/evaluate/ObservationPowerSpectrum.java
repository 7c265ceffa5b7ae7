package dev.palimpsest.runtime.evaluate;

import dev.palimpsest.api.Doc;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The distance of {@link PowerSpectrum} between re-corrupted restorations F(Phi(y)) and other observations y, which needs no clean data.
 *
 * <p>F(Phi(y)) of the first half is compared with y of the second half; identity: F(y) of the first half; floor: y's first half. Vectors, and items fewer
 * than four, have no score.
 */
@Doc(
        "root mean square difference in dB of the radially averaged power spectra of re-corrupted restorations and observations; needs no clean data")
public record ObservationPowerSpectrum() implements Metric {
    @Override
    public boolean needsClean() {
        return false;
    }

    @Override
    public List<Score> scores(HeldOut heldOut, RandomGenerator rng) {
        return RadialSpectrum.of(heldOut.y())
                .flatMap(spectrum -> Halves.score(
                        "observation-power-spectrum",
                        heldOut.recorrupted(),
                        heldOut.recorruptedIdentity(),
                        heldOut.y(),
                        spectrum::distance))
                .stream()
                .toList();
    }
}
