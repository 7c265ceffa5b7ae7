package dev.palimpsest.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.runtime.compare.RunsPage;
import dev.palimpsest.runtime.run.ReportPage;
import dev.palimpsest.runtime.run.WrittenRun;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Collator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * The pages in a real browser. It is part of no plain build: {@code mvn -Pbrowser} runs it, with Chromium and its driver, chromedriver, on the PATH, or where
 * -Dbrowser.binary and -Dbrowser.driver say. -Dbrowser.flags are further flags of Chromium.
 */
class PagesInBrowserIT {
    private static final int HEIGHT = 900;

    @TempDir
    static Path folder;

    private static ChromeDriver browser;
    private static final Map<String, Path> PAGES = new LinkedHashMap<>();

    @BeforeAll
    static void open() {
        Path images = WrittenRun.finished(folder.resolve("runs/images/1"), 40, 3, 32, 32)
                .folder();
        Path points =
                WrittenRun.finished(folder.resolve("runs/points/1"), 500, 2).folder();
        Path begun = WrittenRun.begun(folder.resolve("runs/begun/1")).folder();
        for (Path run : List.of(images, points, begun)) {
            ReportPage.write(run, run.resolve("report.html"));
            PAGES.put(run.getParent().getFileName().toString(), run.resolve("report.html"));
        }
        PAGES.put("runs", folder.resolve("runs.html"));
        RunsPage.write(List.of(images, images, points, begun), PAGES.get("runs"));

        ChromeOptions options = new ChromeOptions();
        options.setBinary(program("browser.binary", List.of("chromium", "chromium-browser", "google-chrome"))
                .toFile());
        options.addArguments(
                "--headless=new",
                "--hide-scrollbars",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + folder.resolve("profile"));
        options.addArguments(
                Arrays.stream(System.getProperty("browser.flags", "").split("\\s+"))
                        .filter(flag -> !flag.isEmpty())
                        .toList());
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(program("browser.driver", List.of("chromedriver"))
                                .toFile())
                        .build(),
                options);
    }

    @AfterAll
    static void close() {
        browser.quit();
    }

    /** The program that a property names, or the first of these on the PATH. */
    private static Path program(String property, List<String> names) {
        String named = System.getProperty(property, "");
        if (!named.isEmpty()) {
            return Path.of(named);
        }
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(place -> names.stream().map(name -> Path.of(place, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("none of " + names
                        + " is on the PATH: install Chromium and its driver, or say where it is by -D" + property));
    }

    static Stream<Arguments> views() {
        return Stream.of("images", "points", "begun", "runs")
                .flatMap(page -> Stream.of(390, 1400)
                        .flatMap(width -> Stream.of("light", "dark").map(mode -> Arguments.of(page, width, mode))));
    }

    private static void show(String page, int width, String mode) {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", width < 600));
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", mode))));
        browser.get(PAGES.get(page).toUri().toString());
    }

    private static long number(String script, Object... arguments) {
        return ((Number) browser.executeScript("return " + script, arguments)).longValue();
    }

    private static List<String> lines(String script) {
        return ((List<?>) browser.executeScript("return " + script))
                .stream().map(String::valueOf).toList();
    }

    @ParameterizedTest
    @MethodSource("views")
    void the_page_has_no_error_all_its_pictures_and_no_more_than_its_width(String page, int width, String mode) {
        show(page, width, mode);
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
        assertThat(lines("Array.from(document.images).filter(each => !each.complete || each.naturalWidth === 0)"
                        + ".map(each => each.alt)"))
                .as("pictures that were not drawn")
                .isEmpty();
        if (!page.equals("begun")) {
            assertThat(number("document.images.length")).isPositive();
        }
        assertThat(lines("Array.from(document.querySelectorAll('img, svg')).filter(each => "
                        + "each.getBoundingClientRect().width < 100).map(each => each.outerHTML.slice(0, 80))"))
                .as("pictures and charts that are too small to see")
                .isEmpty();
        assertThat(number("document.documentElement.scrollWidth"))
                .as("nothing makes the page wider than the window")
                .isLessThanOrEqualTo(width);
        assertThat(lines("performance.getEntriesByType('resource').map(each => each.name)").stream()
                        .filter(address -> !address.startsWith("data:")))
                .as("requests")
                .isEmpty();
    }

    /** The contrast of WCAG 2.2 (1.4.3) between the text of the body and its ground, of their relative luminances: at least 7 for AAA. */
    @ParameterizedTest
    @MethodSource("views")
    void text_stands_out_and_the_ground_is_light_or_dark_as_asked(String page, int width, String mode) {
        show(page, width, mode);
        double ground = luminance("backgroundColor");
        double text = luminance("color");
        assertThat(ground < .5).isEqualTo(mode.equals("dark"));
        assertThat((Math.max(ground, text) + .05) / (Math.min(ground, text) + .05))
                .isGreaterThan(7);
    }

    private static double luminance(String property) {
        String colour =
                lines("[getComputedStyle(document.body)." + property + "]").get(0);
        double[] linear = Arrays.stream(colour.replaceAll("[^0-9,]", "").split(","))
                .mapToDouble(level -> Double.parseDouble(level) / 255)
                .map(level -> level <= .04045 ? level / 12.92 : Math.pow((level + .055) / 1.055, 2.4))
                .toArray();
        return .2126 * linear[0] + .7152 * linear[1] + .0722 * linear[2];
    }

    @ParameterizedTest
    @MethodSource("views")
    void a_click_on_a_head_sorts_the_table_and_another_turns_it_round(String page, int width, String mode) {
        show(page, width, mode);
        List<WebElement> tables = browser.findElements(By.cssSelector("table.sortable"));
        assertThat(tables).isNotEmpty();
        for (WebElement table : tables) {
            List<WebElement> heads = table.findElements(By.cssSelector("thead th"));
            for (int column = 0; column < heads.size(); column++) {
                List<String> before = column(table, column);
                click(heads.get(column));
                List<String> rising = column(table, column);
                assertThat(heads.get(column).getAttribute("aria-sort")).isEqualTo("ascending");
                assertThat(rising).containsExactlyInAnyOrderElementsOf(before);
                assertRising(rising);
                click(heads.get(column));
                assertThat(heads.get(column).getAttribute("aria-sort")).isEqualTo("descending");
                assertThat(table.findElements(By.cssSelector("[aria-sort]"))).hasSize(1);
                List<String> falling = new ArrayList<>(column(table, column));
                falling.removeIf(PagesInBrowserIT::missing);
                Collections.reverse(falling);
                assertRising(falling);
            }
        }
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
    }

    private static void click(WebElement head) {
        WebElement button = head.findElement(By.tagName("button"));
        browser.executeScript("arguments[0].scrollIntoView({block: 'center', inline: 'center'})", button);
        button.click();
    }

    /** What each row has there, by what it is sorted. */
    private static List<String> column(WebElement table, int column) {
        return ((List<?>) browser.executeScript(
                        "return Array.from(arguments[0].tBodies[0].rows).map(row => row.cells[arguments[1]])"
                                + ".map(cell => cell === undefined ? '–' : cell.dataset.value || cell.textContent.trim())",
                        table,
                        column))
                .stream().map(String::valueOf).toList();
    }

    private static boolean missing(String value) {
        return value.equals("–");
    }

    /** What is missing comes last; the rest are numbers that rise, or words in their order. */
    private static void assertRising(List<String> values) {
        List<String> known = values.stream().filter(value -> !missing(value)).toList();
        assertThat(values.subList(0, known.size())).isEqualTo(known);
        if (known.stream().allMatch(value -> value.matches("-?[0-9]+([.][0-9]+)?(E-?[0-9]+)?"))) {
            assertThat(known.stream().mapToDouble(Double::parseDouble).toArray())
                    .isSorted();
        } else {
            assertThat(known).isSortedAccordingTo(Collator.getInstance(Locale.ENGLISH));
        }
    }
}
