package dev.palimpsest.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages that users read. */
class PagesTest {
    private static final Pattern CODE = Pattern.compile("(?ms)^ *```.*?^ *```|`[^`\n]*`");
    private static final Pattern LINK = Pattern.compile("\\]\\(((?!https?:)[^)#]*)(?:#([^)]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    static Stream<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(Launcher.HOME.resolve("docs"));
                Stream<Path> examples = Files.walk(Launcher.HOME.resolve("examples"))) {
            return Stream.of(
                    Stream.of(Launcher.HOME.resolve("README.md"), Launcher.HOME.resolve("CONTRIBUTING.md")),
                    docs,
                    examples)
                    .flatMap(pages -> pages)
                    .filter(page -> page.toString().endsWith(".md"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void every_link_of_a_page_leads_to_a_file_and_a_heading(Path page) throws IOException {
        String text = CODE.matcher(Files.readString(page)).replaceAll("");
        for (MatchResult link : LINK.matcher(text).results().toList()) {
            Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
            assertThat(target).as(link.group()).exists();
            if (link.group(2) != null) {
                assertThat(HEADING.matcher(Files.readString(target)).results().map(heading -> anchor(heading.group(1))))
                        .as(link.group())
                        .contains(link.group(2));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void every_block_of_code_of_a_page_ends_before_the_next_begins(Path page) throws IOException {
        List<String> fences = Files.readAllLines(page).stream()
                .filter(line -> line.contains("```"))
                .map(String::strip)
                .toList();
        assertThat(fences.size() % 2).as(fences.toString()).isZero();
        for (int i = 0; i < fences.size(); i += 2) {
            assertThat(fences.get(i)).matches("```[a-z]*");
            assertThat(fences.get(i + 1)).isEqualTo("```");
        }
    }

    /** As web pages of Markdown name a heading. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }
}
