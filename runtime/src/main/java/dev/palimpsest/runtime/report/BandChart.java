package dev.palimpsest.runtime.report;

import dev.palimpsest.runtime.report.Plane.Tick;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Values over bands as an inline SVG: one place across for each band, a line for each series. */
final class BandChart {
    private static final double WIDTH = 400;
    private static final double HEIGHT = 230;
    private static final double LEFT = 56;
    private static final double RIGHT = 12;
    private static final double TOP = 12;
    private static final double BOTTOM = 30;
    private static final double MARGIN = 0.08;
    private static final int MOST_LABELS = 10;

    /** Smaller values than this part of the largest are drawn at the foot. */
    private static final double SMALLEST = 1e-12;

    private static final List<String> KINDS = List.of("first", "second");

    private final DiagnosisContent.Chart chart;
    private final int bands;
    private final double floor;
    private final Plane plane;

    private BandChart(DiagnosisContent.Chart chart) {
        this.chart = chart;
        bands = chart.series().get(0).points().size();
        double[] values = chart.series().stream()
                .flatMap(series -> series.points().stream())
                .mapToDouble(DiagnosisContent.Point::value)
                .filter(value -> Double.isFinite(value) && (!chart.logarithmic() || value > 0))
                .toArray();
        double largest = IntStream.range(0, values.length)
                .mapToDouble(i -> values[i])
                .max()
                .orElse(1);
        floor = SMALLEST * largest;
        double least = chart.level();
        double most = chart.level();
        for (double value : values) {
            double at = height(value);
            least = Double.isNaN(least) ? at : Math.min(least, at);
            most = Double.isNaN(most) ? at : Math.max(most, at);
        }
        least = Double.isNaN(least) ? 0 : least;
        most = Double.isNaN(most) ? 1 : most;
        double margin = most > least ? MARGIN * (most - least) : 1;
        plane = new Plane(WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM, -.5, bands - .5, least - margin, most + margin);
    }

    static String svg(DiagnosisContent.Chart chart) {
        return new BandChart(chart).draw();
    }

    private String draw() {
        StringBuilder svg = new StringBuilder(Svg.opening(WIDTH, HEIGHT, chart.title()));
        svg.append(plane.grid(heights()));
        if (!Double.isNaN(chart.level())) {
            svg.append(plane.level("level", chart.level()));
        }
        svg.append(plane.axis(labels()));
        for (int s = 0; s < chart.series().size(); s++) {
            svg.append(drawn(chart.series().get(s), KINDS.get(s % KINDS.size())));
        }
        return svg.append("</svg>").toString();
    }

    private String drawn(DiagnosisContent.Series series, String kind) {
        StringBuilder svg = new StringBuilder("<g class=\"" + kind + "\">");
        List<String> line = new ArrayList<>();
        for (int band = 0; band < bands; band++) {
            DiagnosisContent.Point point = series.points().get(band);
            boolean joins = band > 0 && series.points().get(band - 1).set() == point.set();
            if (!joins || !drawable(point.value())) {
                svg.append(polyline(line));
                line.clear();
            }
            if (drawable(point.value())) {
                double x = plane.x(band);
                double y = plane.y(height(point.value()));
                line.add(String.format(Locale.ROOT, "%.1f,%.1f", x, y));
                svg.append(String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>", x, y));
            }
        }
        return svg.append(polyline(line)).append("</g>").toString();
    }

    private static String polyline(List<String> points) {
        return points.size() < 2 ? "" : "<polyline points=\"" + String.join(" ", points) + "\"/>";
    }

    private boolean drawable(double value) {
        return Double.isFinite(value) && (!chart.logarithmic() || value > 0);
    }

    private double height(double value) {
        return chart.logarithmic() ? Math.log10(Math.max(value, floor)) : value;
    }

    private List<Tick> labels() {
        int every = (bands + MOST_LABELS - 1) / MOST_LABELS;
        return IntStream.range(0, bands)
                .filter(band -> band % every == 0)
                .mapToObj(band ->
                        new Tick(band, chart.series().get(0).points().get(band).label()))
                .toList();
    }

    private List<Tick> heights() {
        if (!chart.logarithmic()) {
            return Ticks.linear(plane.low(), plane.high(), 5).stream()
                    .map(value -> new Tick(value, Numbers.of(value)))
                    .toList();
        }
        return Ticks.logarithmic(plane.low(), plane.high(), 5).stream()
                .map(Math::log10)
                .map(power -> new Tick(power, power(power)))
                .toList();
    }

    private static String power(double exponent) {
        return (exponent >= -3 && exponent <= 4) || exponent != Math.rint(exponent)
                ? Numbers.of(Math.pow(10, exponent))
                : "1e" + (long) exponent;
    }
}
