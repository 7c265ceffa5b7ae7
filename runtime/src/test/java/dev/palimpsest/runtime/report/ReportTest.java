package dev.palimpsest.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palimpsest.runtime.evaluate.Score;
import dev.palimpsest.runtime.probe.BandPower;
import dev.palimpsest.runtime.report.ReportContent.Curve;
import dev.palimpsest.runtime.report.ReportContent.Fact;
import dev.palimpsest.runtime.report.ReportContent.Plugin;
import dev.palimpsest.runtime.report.ReportContent.Point;
import dev.palimpsest.runtime.simple.SimpleScore;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportTest {
    private static List<Picture> pictures() {
        INDArray y = Nd4j.zeros(2, 1, 4, 4);
        return Pictures.of(new PicturedItems(y, y, Optional.empty(), y, Optional.of(y), Optional.empty()), 2);
    }

    /** A report in which a text stands wherever others can choose one. */
    private static ReportContent content(String text) {
        Picture picture = pictures().get(0);
        return new ReportContent(
                text,
                List.of(Fact.count(text, 241953)),
                List.of(text),
                List.of(text),
                List.of(text),
                List.of(new Score(
                        text,
                        Score.Better.HIGHER,
                        21.234567,
                        OptionalDouble.of(23.5),
                        OptionalDouble.of(9.9),
                        OptionalDouble.empty(),
                        OptionalDouble.of(.005),
                        "")),
                List.of(new SimpleScore(text, 200, Map.of(text, 20.5), text)),
                List.of(new BandPower(text, 3, 2, 1, 1, 1.5, OptionalDouble.empty(), OptionalDouble.of(.25), .5)),
                List.of(
                        new Picture(text, List.of(text), text, text, false, picture.image()),
                        new Picture(text, List.of(text), text, text, true, picture.image())),
                List.of(curve(text, 1, 2)),
                List.of(Fact.seconds(text, 187.4)),
                text,
                List.of(new ReportContent.Choice(text, 400, .5, .01, .2, OptionalDouble.empty())),
                text,
                List.of(text),
                List.of(new Fact(text, text)),
                List.of(new Plugin(text, text, text, text)));
    }

    private static Curve curve(String title, double... values) {
        return new Curve(
                title,
                false,
                IntStream.range(0, values.length)
                        .mapToObj(i -> new Point(i, values[i]))
                        .toList());
    }

    private static String chart(Curve curve) {
        return Report.html(new ReportContent(
                "run",
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(curve),
                List.of(),
                "",
                List.of(),
                "name: run",
                List.of(),
                List.of(),
                List.of()));
    }

    private static List<String> all(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "\"><img src=x onerror=alert(1)>",
                "' onload='alert(1)",
                "</style></title></pre><iframe>",
                "<!-- & &lt; ]]>",
                "\u202egnp.exe\u0000\u0007"
            })
    void whatever_others_chose_stays_text(String hostile) {
        String html = Report.html(content(hostile));
        String plain = Report.html(content("plain"));
        assertThat(all("<[^>]*>", html.replace("plain", ""))).hasSameSizeAs(all("<[^>]*>", plain));
        assertThat(all("</?[a-zA-Z]+", html)).isEqualTo(all("</?[a-zA-Z]+", plain));
        assertThat(all("<!--|onerror=alert\\(1\\)>|[\u202e\u0000\u0007]", html)).isEmpty();
        assertThat(all("[a-z]+=\"", html)).isEqualTo(all("[a-z]+=\"", plain));
    }

    @Test
    void hostile_text_is_shown_as_it_is_written() {
        assertThat(Report.html(content("<b>&'\""))).contains("<h1>&lt;b&gt;&amp;&apos;&quot;</h1>");
    }

    @Test
    void the_page_needs_nothing_beside_it() {
        String html = Report.html(content("plain"));
        assertThat(html).doesNotContain("http:", "https:", "<link", "@import", "url(", "eval", "fetch");
        assertThat(all("src=\"[^\"]{5}", html)).isNotEmpty().containsOnly("src=\"data:");
        assertThat(html).contains("Content-Security-Policy\" content=\"default-src 'none'");
    }

    @Test
    void the_only_script_is_the_one_that_the_page_allows_by_its_digest() throws NoSuchAlgorithmException {
        String html = Report.html(content("plain"));
        List<String> scripts = all("(?s)<script>.*?</script>", html);
        assertThat(scripts).hasSize(1);
        String script =
                scripts.get(0).substring("<script>".length(), scripts.get(0).length() - "</script>".length());
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
        assertThat(html).contains("script-src 'sha256-" + Base64.getEncoder().encodeToString(digest) + "'\"");
    }

    @Test
    void the_page_is_well_formed_each_picture_and_chart_has_words_and_each_id_stands_once() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        Document page = factory.newDocumentBuilder()
                .parse(new InputSource(new StringReader(Report.html(content("Φ(y) & <b>")))));
        assertThat(values(page, "//img/@alt")).hasSize(2).noneMatch(String::isBlank);
        assertThat(values(page, "//img[not(@width) or not(@height)]")).isEmpty();
        assertThat(values(page, "//*[local-name()='svg']/@aria-label"))
                .hasSize(1)
                .noneMatch(String::isBlank);
        assertThat(values(page, "//@id")).doesNotHaveDuplicates().contains("question", "result", "scores", "plugins");
        assertThat(values(page, "//table[contains(@class, 'sortable')]/thead/tr/th"))
                .contains("score", "chosen by", "plugin");
        assertThat(values(page, "//table/tbody/tr[not(*[1][self::th])]")).isEmpty();
    }

    private static List<String> values(Document page, String path) throws XPathExpressionException {
        NodeList nodes = (NodeList) XPathFactory.newInstance().newXPath().evaluate(path, page, XPathConstants.NODESET);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> nodes.item(i).getTextContent())
                .toList();
    }

    @Test
    void everything_that_was_measured_is_on_it() {
        String html = Report.html(content("observation-energy"));
        assertThat(html)
                .contains(
                        "<th scope=\"row\">observation-energy ↑</th><td data-value=\"21.234567\">21.23</td><td data-value=\"23.5\">23.5</td>"
                                + "<td data-value=\"9.9\">9.9</td><td>–</td><td data-value=\"0.005\">0.005</td>")
                .contains("<dd>241,953</dd>", "<td>3 min 7 s</td>", "mean 23.5 · observed 9.9")
                .contains("<li>observation-energy</li>")
                .contains("alt=\"Columns: observation-energy. observation-energy\"");
    }

    @Test
    void sections_that_would_be_empty_are_left_out() {
        assertThat(chart(curve("loss", 1, 2)))
                .doesNotContain("Warnings", "Scores", "Restored", "Run it again", "Environment", "Plugins");
    }

    @Test
    void the_same_content_gives_the_same_page() {
        assertThat(Report.html(content("plain"))).isEqualTo(Report.html(content("plain")));
    }

    @Test
    void a_curve_lies_within_its_axes_and_skips_what_is_not_a_number() {
        String html = chart(curve("loss", 3, Double.NaN, 1, Double.POSITIVE_INFINITY, 2));
        List<String> points =
                all("[\\d.]+,[\\d.]+", all("<polyline[^>]*>", html).get(0));
        assertThat(points).hasSize(3);
        assertThat(points.get(0)).startsWith("60.0,"); // step 0: the left end of the axis
        assertThat(points.get(2)).startsWith("374.0,"); // the last: the right end
        double[] y = points.stream()
                .mapToDouble(point -> Double.parseDouble(point.split(",")[1]))
                .toArray();
        assertThat(y[0]).isGreaterThan(12).isLessThan(y[2]);
        assertThat(y[1]).isGreaterThan(y[2]).isLessThan(208);
        assertThat(y[2]).as("2 is halfway between 1 and 3").isEqualTo((y[0] + y[1]) / 2, within(.1));
    }

    @Test
    void a_logarithmic_axis_has_powers_of_ten_at_equal_distances() {
        List<Point> points = List.of(new Point(0, 1), new Point(1, .1), new Point(2, .01));
        String html = chart(new Curve("energy", true, points));
        double[] y = all("[\\d.]+,[\\d.]+", all("<polyline[^>]*>", html).get(0)).stream()
                .mapToDouble(point -> Double.parseDouble(point.split(",")[1]))
                .toArray();
        assertThat(y[1]).isEqualTo((y[0] + y[2]) / 2, within(.1)); // coordinates are rounded to .1
        assertThat(html).contains(">0.01</text>", ">0.1</text>", ">1</text>");
        List<Point> negative = List.of(new Point(0, 1), new Point(1, -.5));
        assertThat(chart(new Curve("energy", true, negative))).contains(">−0.5</text>");
    }

    @Test
    void long_curves_are_thinned_to_means_of_neighbours() {
        double[] values = IntStream.range(0, 4800).mapToDouble(i -> i % 2).toArray();
        String line = all("<polyline[^>]*>", chart(curve("loss", values))).get(0);
        List<String> points = all("[\\d.]+,[\\d.]+", line);
        assertThat(points).hasSize(240);
        assertThat(points.stream().map(point -> point.split(",")[1]).distinct()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-300, -4, 1e30, 1e-9})
    void a_single_value_of_any_size_is_a_dot(double value) {
        String html = chart(curve("loss", value));
        assertThat(all("<circle", html)).hasSize(1);
        assertThat(html).doesNotContain("NaN", "Infinity");
    }

    @Test
    void a_curve_without_a_finite_value_says_so() {
        assertThat(chart(curve("loss", Double.NaN)))
                .contains("No value was recorded.")
                .doesNotContain("<svg");
    }

    @Test
    void the_page_is_written_as_a_whole(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("report.html");
        Report.write(content("plain"), file);
        Report.write(content("Φ(y)"), file);
        assertThat(file).content().isEqualTo(Report.html(content("Φ(y)")));
        assertThat(folder.toFile().list()).containsExactly("report.html");
    }

    @Test
    void a_page_that_cannot_be_written_is_an_error_that_names_the_file(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "").resolve("report.html");
        assertThatThrownBy(() -> Report.write(content("plain"), file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("cannot write " + file);
    }
}
