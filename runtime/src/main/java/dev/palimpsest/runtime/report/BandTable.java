package dev.palimpsest.runtime.report;

import dev.palimpsest.runtime.probe.BandPower;
import dev.palimpsest.runtime.report.HtmlTable.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The powers of all bands of frequencies as a table. */
final class BandTable {
    private static final String NOTE =
            "Variance of a mode (a cosine of the DCT-II) over held-out items, a mean over the band; frequencies in cycles a pixel. Clean: what y shows of the clean items, and where it shows nothing the power law through the bands below. "
                    + "Initial: the share of the restored power that the rounds cannot have changed, because y shows too little there; –: not known, as F is no scalar channel in this band. "
                    + "Where it is large and restored is above clean, noise of the observations is left; where restored is below clean, detail is missing that y does not show.";

    private BandTable() {}

    /** Nothing where there are no bands. */
    static String html(List<BandPower> bands) {
        boolean means = bands.stream().anyMatch(band -> band.mean().isPresent());
        List<String> head = new ArrayList<>(List.of("band", "modes", "observed", "noise", "clean", "restored"));
        if (means) {
            head.add("mean");
        }
        head.add("initial");
        return bands.isEmpty()
                ? ""
                : new HtmlTable(
                                        "scores",
                                        "table of bands",
                                        head,
                                        bands.stream()
                                                .map(band -> row(band, means))
                                                .toList())
                                .html()
                        + "<p class=\"note\">" + NOTE + "</p>\n";
    }

    private static List<Cell> row(BandPower band, boolean means) {
        List<Cell> cells = new ArrayList<>(List.of(
                Cell.text(band.band()),
                Cell.count(band.modes()),
                Cell.number(band.observed()),
                Cell.number(band.noise()),
                Cell.number(band.clean()),
                Cell.number(band.restored())));
        if (means) {
            cells.add(Cell.number(band.mean()));
        }
        cells.add(percent(band.initial()));
        return cells;
    }

    private static Cell percent(OptionalDouble share) {
        return share.isPresent()
                ? new Cell(String.format(Locale.ROOT, "%.1f %%", 100 * share.getAsDouble()), share)
                : Cell.number(share);
    }
}
