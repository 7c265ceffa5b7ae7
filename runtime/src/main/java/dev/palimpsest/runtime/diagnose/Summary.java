package dev.palimpsest.runtime.diagnose;

import dev.palimpsest.runtime.probe.Band;
import dev.palimpsest.runtime.report.DiagnosisContent;
import dev.palimpsest.runtime.report.DiagnosisContent.Chart;
import dev.palimpsest.runtime.report.DiagnosisContent.Point;
import dev.palimpsest.runtime.report.DiagnosisContent.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** A diagnosis for readers: on a terminal, and as a page. */
public final class Summary {
    private static final List<String> HEAD = List.of(
            "band (cycles a pixel)",
            "modes",
            "gain",
            "signal",
            "noise",
            "SNR",
            "rate",
            "rounds to 1/10",
            "destroyed",
            "solver ends at");

    private Summary() {}

    /** The head and the rows of the table of bands. */
    public static List<List<String>> table(Diagnosis diagnosis) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        List<Band> bands = diagnosis.spectrum().bands();
        for (int i = 0; i < bands.size(); i++) {
            rows.add(row(bands.get(i), diagnosis.bias().get(i)));
        }
        return rows;
    }

    private static List<String> row(Band band, OptionalDouble bias) {
        double rounds = band.rounds(Diagnosis.PART);
        return List.of(
                band.name(),
                String.valueOf(band.modes()),
                String.format(Locale.ROOT, "%+.3f", band.gain()),
                Words.number(band.signal()),
                Words.number(band.noise()),
                Words.number(band.snr()),
                Double.isNaN(band.rate()) ? "?" : String.format(Locale.ROOT, "%.4f", band.rate()),
                Double.isNaN(rounds) ? "?" : Double.isInfinite(rounds) ? "never" : Words.count(rounds),
                band.hidden() > 0.0005 ? String.format(Locale.ROOT, "%.1f %%", 100 * band.hidden()) : "",
                bias.isPresent() ? String.format(Locale.ROOT, "%.3f", bias.getAsDouble()) : "");
    }

    /** What the page says. */
    public static DiagnosisContent content(Diagnosis diagnosis) {
        List<List<String>> table = table(diagnosis);
        return new DiagnosisContent(
                diagnosis.name(),
                diagnosis.verdict(),
                diagnosis.facts(),
                diagnosis.findings().stream()
                        .map(finding ->
                                new DiagnosisContent.Finding(finding.verdict().words(), finding.sentence()))
                        .toList(),
                diagnosis.advice(),
                diagnosis.unknowns(),
                charts(diagnosis.spectrum().bands()),
                table.get(0),
                table.subList(1, table.size()));
    }

    private static List<Chart> charts(List<Band> bands) {
        return List.of(
                new Chart(
                        "Signal and noise in y",
                        true,
                        Double.NaN,
                        List.of(
                                new Series("signal that reaches y", points(bands, Summary::received)),
                                new Series("noise", points(bands, Band::noise))),
                        "Variance of a mode. Where the signal is below the noise, a band converges slowly."),
                new Chart(
                        "Gain",
                        false,
                        0,
                        List.of(new Series("gain", points(bands, Band::gain))),
                        "What is left of a mode in its own place. Below 0 the mean diverges."),
                new Chart(
                        "Rounds to a tenth of the error",
                        true,
                        Double.NaN,
                        List.of(new Series("rounds", points(bands, band -> band.rounds(Diagnosis.PART)))),
                        "Rounds of the outer iteration; a band without a point never converges."));
    }

    private static double received(Band band) {
        return Double.isFinite(band.snr()) ? band.snr() * band.noise() : band.transmission() * band.signal();
    }

    private static List<Point> points(List<Band> bands, ToDoubleFunction<Band> value) {
        List<Point> points = new ArrayList<>();
        int set = 0;
        for (int i = 0; i < bands.size(); i++) {
            Band band = bands.get(i);
            set += i > 0 && !band.direction().equals(bands.get(i - 1).direction()) ? 1 : 0;
            points.add(new Point(set, label(band), value.applyAsDouble(band)));
        }
        return points;
    }

    private static String label(Band band) {
        return band.frequencies().isEmpty() || band.frequencies().equals("mean")
                ? band.frequencies().isEmpty() ? band.direction() : "0"
                : String.format(Locale.ROOT, "%.2f", band.frequency());
    }
}
