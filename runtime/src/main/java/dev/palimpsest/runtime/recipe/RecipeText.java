package dev.palimpsest.runtime.recipe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.yaml.snakeyaml.reader.StreamReader;

/** Reads a recipe's characters: UTF-8, printable, and not too many. */
final class RecipeText {
    private static final int LARGEST = 1 << 20;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final Problems problems;

    RecipeText(Problems problems) {
        this.problems = problems;
    }

    /**
     * The text of a file; empty, and a problem, if it has none.
     *
     * @param asked where the user asked for it
     */
    Optional<String> read(Path file, Source source, Place asked) {
        if (Files.isDirectory(file)) {
            problems.add(asked, Words.quoted(file.toString()) + " is a folder; expected a recipe file");
            return Optional.empty();
        }
        if (!Files.exists(file)) {
            problems.add(asked, "there is no file " + Words.quoted(file.toString()) + near(file));
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                problems.add(start(source), "the file is too large; a recipe has at most " + LARGEST + " bytes");
                return Optional.empty();
            }
            return decoded(bytes, source);
        } catch (IOException e) {
            problems.add(
                    asked,
                    Words.quoted(file.toString()) + " cannot be read: "
                            + e.getClass().getSimpleName());
            return Optional.empty();
        }
    }

    /**
     * Whether all characters may stand in a recipe; if not, that is a problem.
     *
     * @param after where the character stands that comes after a text
     */
    boolean printable(String text, Function<String, Place> after) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int character = text.codePointAt(i);
            if (!StreamReader.isPrintable(character)) {
                problems.add(
                        after.apply(text.substring(0, i)),
                        String.format("expected printable text, got the character U+%04X", character));
                return false;
            }
        }
        return true;
    }

    private Optional<String> decoded(byte[] bytes, Source source) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        String text = out.flip().toString();
        String content = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        if (!printable(content, before -> after(before, source))) {
            return Optional.empty();
        }
        if (result.isError()) {
            problems.add(
                    after(content, source),
                    String.format("expected text in UTF-8, got the byte 0x%02X", bytes[in.position()]));
            return Optional.empty();
        }
        return Optional.of(content);
    }

    private static Place start(Source source) {
        return new Place(source, 1, 1);
    }

    private static Place after(String text, Source source) {
        List<String> lines = List.of(text.split("\r\n|[\n\r\u0085\u2028\u2029]", -1));
        String last = lines.get(lines.size() - 1);
        return new Place(source, lines.size(), last.codePointCount(0, last.length()) + 1);
    }

    private static String near(Path file) {
        Path folder = file.toAbsolutePath().resolveSibling("");
        if (!Files.isDirectory(folder)) {
            return "; there is no folder " + Words.quoted(folder.toString()) + " either";
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names =
                    files.map(path -> path.getFileName().toString()).sorted().toList();
            return Words.nearest(file.getFileName().toString(), names)
                    .map(name -> "; did you mean " + Words.quoted(name) + "?")
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
