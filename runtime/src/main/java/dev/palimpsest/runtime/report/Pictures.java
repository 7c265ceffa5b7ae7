package dev.palimpsest.runtime.report;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Pictures of held-out items, in columns: clean (where known), y, Phi(y), the posterior mean (where known), F(Phi(y)), and of images |Phi(y) - clean| (where known) and the standard deviation over
 * several restorations (where drawn).
 *
 * <p>Images [channels, height, width] in [-1, 1] are rows of tiles, one row an item: three channels are red, green and blue, else the
 * first is grey. Vectors are one panel a column: a histogram in one dimension, a scatter plot (of the first two coordinates) in more.
 * All panels have the same axes, which fit the given items; what lies outside is not drawn.
 */
public final class Pictures {
    private static final int TILE = 64;
    private static final int GUTTER = 2;
    private static final int ROWS = 8;
    private static final int PANEL = 200;
    private static final int PAPER = 0xfffbfaf7;
    private static final int POINTS = 5000;
    private static final int BINS = 50;

    /** How much paper is left to be seen by each point on a pixel. */
    private static final double TRANSPARENCY = .55;

    /** Images of up to so many pixels are drawn in full number. */
    private static final double FULL_PIXELS = 96 * 96;

    private static final int FEWEST = 4;

    private Pictures() {}

    /**
     * Pictures of the first items, at most so many, 8 images a picture; of images above 96 x 96 pixels fewer, so that all have no more pixels together, but 4. Vectors
     * are all drawn, up to 5000.
     */
    public static List<Picture> of(PicturedItems items, int images) {
        if (items.y().isEmpty()) {
            return List.of();
        }
        boolean areImages = items.y().rank() == Column.IMAGE_RANK;
        return drawn("items", areImages ? Column.ofImages(items) : Column.of(items), items.y(), images);
    }

    /** One whole image, scaled as it is given. */
    public static Picture whole(String name, PicturedItems image) {
        Picture grid = grids("image-" + name, Column.ofImages(image), 1).get(0);
        return new Picture(
                grid.name(),
                grid.columns(),
                "The held-out image " + name + ", whole and scaled down; parts at full size stand below.",
                grid.note(),
                false,
                grid.image());
    }

    /**
     * What several runs made of the same items, side by side: the runs whose clean items (where known; else whose observations) are the same share pictures.
     *
     * @param runs by their numbers
     */
    public static List<Picture> sideBySide(SortedMap<Integer, PicturedItems> runs, int images) {
        List<Picture> pictures = new ArrayList<>();
        List<List<Integer>> groups = new ArrayList<>();
        runs.forEach((number, items) -> groups.stream()
                .filter(group -> same(basis(items), basis(runs.get(group.get(0)))))
                .findFirst()
                .orElseGet(() -> {
                    groups.add(new ArrayList<>());
                    return groups.get(groups.size() - 1);
                })
                .add(number));
        for (List<Integer> group : groups) {
            List<Column> columns = Column.sideBySide(group, runs);
            pictures.addAll(drawn(
                    "runs-" + group.get(0), columns, runs.get(group.get(0)).y(), images));
        }
        return pictures;
    }

    private static INDArray basis(PicturedItems items) {
        return items.clean().orElse(items.y());
    }

    static boolean same(INDArray one, INDArray other) {
        return Arrays.equals(one.shape(), other.shape())
                && Arrays.equals(
                        one.dup('c').data().asFloat(), other.dup('c').data().asFloat());
    }

    private static List<Picture> drawn(String name, List<Column> columns, INDArray y, int images) {
        if (y.rank() == Column.IMAGE_RANK) {
            double affordable = images * FULL_PIXELS / (y.size(2) * y.size(3));
            int most = (int) Math.min(images, Math.max(FEWEST, affordable));
            return grids(name, columns, (int) Math.min(most, y.size(0)));
        }
        int dimension = (int) (y.length() / y.size(0));
        return List.of(dimension == 1 ? histograms(name, columns) : scatters(name, columns, dimension));
    }

    private static List<Picture> grids(String name, List<Column> columns, int images) {
        Heat heat = Heat.of(columns.stream()
                .filter(Column::magnitude)
                .flatMap(column -> IntStream.range(0, images).mapToObj(column::item))
                .toList());
        String sizes = columns.stream()
                .filter(Column::magnitude)
                .map(column -> column.label().equals(Column.ERROR)
                        ? "error is |restored − clean|"
                        : "uncertainty the standard deviation over several restorations")
                .collect(Collectors.joining(", "));
        String note = sizes.isEmpty()
                ? ""
                : sizes.substring(0, 1).toUpperCase(Locale.ROOT) + sizes.substring(1) + ", from 0 (black) to "
                        + Numbers.brief(heat.most()) + " or more (pale yellow), where images go from −1 to 1.";
        List<Picture> pictures = new ArrayList<>();
        for (int from = 0; from < images; from += ROWS) {
            int to = Math.min(images, from + ROWS);
            pictures.add(new Picture(
                    name + "-" + (pictures.size() + 1),
                    labels(columns),
                    "Held-out items " + (from + 1) + " to " + to + ", a row each.",
                    note,
                    false,
                    grid(columns, heat, from, to)));
        }
        return pictures;
    }

    private static BufferedImage grid(List<Column> columns, Heat heat, int from, int to) {
        INDArray items = columns.get(0).items();
        int height = (int) items.size(2);
        int width = (int) items.size(3);
        int scale = Math.max(1, Math.round((float) TILE / Math.max(height, width)));
        BufferedImage image = sheet(columns.size(), to - from, width * scale, height * scale);
        for (int column = 0; column < columns.size(); column++) {
            boolean magnitude = columns.get(column).magnitude();
            for (int row = from; row < to; row++) {
                float[] values = columns.get(column).item(row);
                int left = GUTTER + column * (width * scale + GUTTER);
                int top = GUTTER + (row - from) * (height * scale + GUTTER);
                for (int i = 0; i < height * scale; i++) {
                    for (int j = 0; j < width * scale; j++) {
                        int pixel = i / scale * width + j / scale;
                        image.setRGB(
                                left + j,
                                top + i,
                                magnitude ? heat.colour(values[pixel]) : colour(values, pixel, height * width));
                    }
                }
            }
        }
        return image;
    }

    private static int colour(float[] values, int pixel, int plane) {
        int red = level(values[pixel]);
        boolean grey = values.length != 3 * plane;
        int green = grey ? red : level(values[plane + pixel]);
        int blue = grey ? red : level(values[2 * plane + pixel]);
        return 0xff000000 | red << 16 | green << 8 | blue;
    }

    /** -1 is 0 and 1 is 255. */
    private static int level(float value) {
        return Math.max(0, Math.min(255, Math.round((value + 1) * 127.5f)));
    }

    private static Picture scatters(String name, List<Column> columns, int dimension) {
        Span across = Span.of(columns, 0, POINTS);
        Span up = Span.of(columns, 1, POINTS);
        double width = Math.max(across.width(), up.width()); // one unit is as long up as across
        Span x = across.widened(width);
        Span y = up.widened(width);
        BufferedImage image = sheet(columns.size(), 1, PANEL, PANEL);
        for (int column = 0; column < columns.size(); column++) {
            float[] first = columns.get(column).coordinate(0, POINTS);
            float[] second = columns.get(column).coordinate(1, POINTS);
            int[][] count = new int[PANEL][PANEL];
            for (int i = 0; i < first.length; i++) {
                int j = (int) Math.floor(x.share(first[i]) * (PANEL - 1));
                int k = (int) Math.floor((1 - y.share(second[i])) * (PANEL - 1));
                if (j >= 0 && j < PANEL - 1 && k >= 0 && k < PANEL - 1) {
                    count[k][j]++;
                    count[k][j + 1]++;
                    count[k + 1][j]++;
                    count[k + 1][j + 1]++;
                }
            }
            int ink = columns.get(column).ink();
            panel(image, column, pixel -> mix(ink, count[pixel / PANEL][pixel % PANEL]));
        }
        String what = dimension == 2 ? "" : " (the first two of " + dimension + " coordinates)";
        return new Picture(
                name,
                labels(columns),
                "Held-out items" + what + "; across " + x.words() + ", up " + y.words() + " in every panel.",
                "",
                true,
                image);
    }

    private static Picture histograms(String name, List<Column> columns) {
        Span span = Span.of(columns, 0, Integer.MAX_VALUE);
        double[][] share = new double[columns.size()][BINS];
        double highest = 0;
        for (int column = 0; column < columns.size(); column++) {
            float[] values = columns.get(column).coordinate(0, Integer.MAX_VALUE);
            for (float value : values) {
                int bin = (int) Math.floor(span.share(value) * BINS);
                if (bin >= 0 && bin < BINS) {
                    share[column][bin] += 1.0 / values.length;
                    highest = Math.max(highest, share[column][bin]);
                }
            }
        }
        BufferedImage image = sheet(columns.size(), 1, PANEL, PANEL);
        for (int column = 0; column < columns.size(); column++) {
            int ink = 0xff000000 | columns.get(column).ink();
            double[] heights = share[column];
            double unit = highest == 0 ? 0 : .95 * PANEL / highest;
            panel(
                    image,
                    column,
                    pixel -> PANEL - pixel / PANEL <= heights[pixel % PANEL * BINS / PANEL] * unit ? ink : PAPER);
        }
        return new Picture(
                name,
                labels(columns),
                "Histograms of the held-out items; across " + span.words() + " in every panel.",
                "",
                true,
                image);
    }

    private static void panel(BufferedImage image, int column, IntUnaryOperator colour) {
        int left = GUTTER + column * (PANEL + GUTTER);
        for (int pixel = 0; pixel < PANEL * PANEL; pixel++) {
            image.setRGB(left + pixel % PANEL, GUTTER + pixel / PANEL, colour.applyAsInt(pixel));
        }
    }

    private static int mix(int ink, int points) {
        double paper = Math.pow(TRANSPARENCY, points);
        int colour = 0xff;
        for (int shift = 16; shift >= 0; shift -= 8) {
            double level = paper * (PAPER >> shift & 0xff) + (1 - paper) * (ink >> shift & 0xff);
            colour = colour << 8 | (int) Math.round(level);
        }
        return colour;
    }

    /** Room for tiles with gutters around them, which stay transparent. */
    private static BufferedImage sheet(int columns, int rows, int width, int height) {
        return new BufferedImage(
                columns * (width + GUTTER) + GUTTER, rows * (height + GUTTER) + GUTTER, BufferedImage.TYPE_INT_ARGB);
    }

    private static List<String> labels(List<Column> columns) {
        return columns.stream().map(Column::label).toList();
    }
}
