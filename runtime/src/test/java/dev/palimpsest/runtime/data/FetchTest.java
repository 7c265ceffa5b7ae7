package dev.palimpsest.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchTest {
    private static final byte[] CONTENT = content(300_000);

    @TempDir
    Path folder;

    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private ExecutorService threads;
    private byte[] served = CONTENT;
    private int breaksOffAfter = Integer.MAX_VALUE;
    private boolean knowsRanges = true;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/x.bin", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        ranges.add(range == null ? "all" : range);
        int from = range == null || !knowsRanges ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (from > 0) {
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes " + from + "-" + (served.length - 1) + "/" + served.length);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, served.length - from);
        exchange.getResponseBody().write(served, from, Math.min(breaksOffAfter, served.length - from));
        // Closing early breaks the connection off, since more was announced.
        exchange.close();
    }

    @Test
    void a_file_is_fetched_and_checked_and_not_fetched_again() throws IOException {
        assertThat(fetch(set()).overNetwork()).isEqualTo(folder.resolve("set"));
        assertThat(folder.resolve("set/x.bin")).hasBinaryContent(CONTENT);
        fetch(set()).overNetwork();
        assertThat(ranges).containsExactly("all");
        assertNothingElse("set");
    }

    @Test
    void a_connection_that_breaks_off_is_gone_on_with_in_the_same_call() {
        breaksOffAfter = 130_000;
        fetch(set()).overNetwork();
        assertThat(folder.resolve("set/x.bin")).hasBinaryContent(CONTENT);
        assertThat(ranges).hasSize(3).startsWith("all").doesNotHaveDuplicates();
    }

    @Test
    void a_later_call_goes_on_where_an_earlier_one_stopped() throws IOException {
        Path part = folder.resolve("set/.x.bin.part");
        Files.createDirectories(part.getParent());
        Files.write(part, Arrays.copyOf(CONTENT, 1000));
        fetch(set()).overNetwork();
        assertThat(folder.resolve("set/x.bin")).hasBinaryContent(CONTENT);
        assertThat(ranges).containsExactly("bytes=1000-");
    }

    @Test
    void a_server_that_falls_silent_is_asked_again_and_then_given_up() throws IOException {
        CountDownLatch end = new CountDownLatch(1);
        server.createContext("/silent", exchange -> {
            ranges.add("silent");
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT, 0, 1000);
            exchange.getResponseBody().flush();
            try {
                end.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        Fetch fetch = new Fetch(named("set", uri("/silent")), folder, (file, bytes) -> {}, Duration.ofMillis(500));
        try {
            assertThatThrownBy(fetch::overNetwork)
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("/silent: Read timed out")
                    .hasMessageContaining("the same command goes on from its 1000 of 300000 bytes");
        } finally {
            end.countDown();
        }
        assertThat(ranges).contains("silent");
    }

    @Test
    void a_server_that_knows_no_ranges_starts_over() throws IOException {
        knowsRanges = false;
        Files.createDirectories(folder.resolve("set"));
        Files.write(folder.resolve("set/.x.bin.part"), Arrays.copyOf(CONTENT, 1000));
        fetch(set()).overNetwork();
        assertThat(folder.resolve("set/x.bin")).hasBinaryContent(CONTENT);
    }

    @Test
    void what_ends_too_early_is_kept_for_the_next_call_but_not_as_the_file() throws IOException {
        served = Arrays.copyOf(CONTENT, 200_000);
        assertThatThrownBy(() -> fetch(set()).overNetwork())
                .isInstanceOf(DataException.class)
                .hasMessageContaining("x.bin: cannot be fetched")
                .hasMessageContaining("ended after 200000 of 300000 bytes")
                .hasMessageContaining("the same command goes on from its 200000 of 300000 bytes")
                .hasMessageContaining("--from FILE");
        assertThat(folder.resolve("set/x.bin")).doesNotExist();
        served = CONTENT;
        fetch(set()).overNetwork();
        assertThat(folder.resolve("set/x.bin")).hasBinaryContent(CONTENT);
        assertThat(ranges).last().isEqualTo("bytes=200000-");
        assertNothingElse("set");
    }

    @Test
    void another_file_of_the_same_length_is_refused_and_removed() throws IOException {
        served = CONTENT.clone();
        served[150_000] ^= 1;
        assertThatThrownBy(() -> fetch(set()).overNetwork())
                .isInstanceOf(DataException.class)
                .hasMessageContaining(
                        "x.bin: expected the SHA-256 digest " + Sha256.hex(CONTENT) + ", got " + Sha256.hex(served));
        try (Stream<Path> left = Files.list(folder.resolve("set"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void a_file_that_is_too_long_is_not_read_to_its_end() {
        served = content(50_000_000);
        assertThatThrownBy(() -> fetch(set()).overNetwork())
                .isInstanceOf(DataException.class)
                .hasMessageContaining("expected the 300000 bytes of x.bin, but there are more");
        assertThat(folder.resolve("set")).isEmptyDirectory();
    }

    @Test
    void the_next_source_is_tried_where_one_has_nothing_and_the_answer_is_told_where_none_has() {
        URI nothing = uri("/nothing");
        fetch(set(nothing, uri("/x.bin"))).overNetwork();
        assertThat(folder.resolve("set/x.bin")).hasBinaryContent(CONTENT);
        assertThatThrownBy(() -> fetch(named("other", nothing)).overNetwork())
                .isInstanceOf(DataException.class)
                .hasMessageContaining(nothing + ": the server answered 404");
    }

    @Test
    void where_there_is_no_network_it_says_what_to_do() {
        server.stop(0);
        assertThatThrownBy(() -> fetch(set()).overNetwork())
                .isInstanceOf(DataException.class)
                .hasMessageContaining("x.bin: cannot be fetched (http://")
                .hasMessageContaining("--from FILE");
    }

    @Test
    void a_file_that_is_being_fetched_is_left_alone() throws IOException {
        Path part = folder.resolve("set/.x.bin.part");
        Files.createDirectories(part.getParent());
        try (FileChannel other = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            FileLock lock = other.lock();
            assertThatThrownBy(() -> fetch(set()).overNetwork())
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("is being fetched already");
            lock.release();
        }
    }

    @Test
    void files_are_taken_from_a_file_or_a_folder() throws IOException {
        Path elsewhere = Files.write(folder.resolve("my copy"), CONTENT);
        fetch(set()).from(elsewhere);
        assertThat(folder.resolve("set/x.bin")).hasBinaryContent(CONTENT);
        assertThat(elsewhere).hasBinaryContent(CONTENT);
        Files.write(folder.resolve("x.bin"), CONTENT);
        fetch(named("second", uri("/x.bin"))).from(folder);
        assertThat(folder.resolve("second/x.bin")).hasBinaryContent(CONTENT);
        assertThat(ranges).isEmpty();
    }

    @Test
    void a_given_file_that_is_none_or_another_or_cut_off_is_refused() throws IOException {
        assertThatThrownBy(() -> fetch(set()).from(folder.resolve("away"))).hasMessageContaining("no such file");
        Path other = Files.write(folder.resolve("other"), Arrays.copyOf(CONTENT, 1000));
        assertThatThrownBy(() -> fetch(set()).from(other))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("other: expected the 300000 bytes of x.bin, got 1000; it is cut off");
        Files.write(other, new byte[300_000]);
        assertThatThrownBy(() -> fetch(set()).from(other)).hasMessageContaining("expected the SHA-256 digest");
        assertThat(folder.resolve("set")).isEmptyDirectory();
    }

    @Test
    void an_archive_is_unpacked_into_a_folder_that_is_whole() throws IOException {
        served = archive(Map.of(
                "batches/a.bin", "first", "batches/b.bin", "second", "../evil", "out", "batches/deep/c", "too deep"));
        Published set = new Published(
                "colours",
                "a test",
                List.of(new PublishedFile("x.bin", served.length, Sha256.hex(served), List.of(uri("/x.bin")))),
                Optional.of("batches"));
        Files.createDirectories(folder.resolve(".colours.part"));
        Files.writeString(folder.resolve(".colours.part/half"), "of a killed call");
        assertThat(fetch(set).overNetwork()).isEqualTo(folder.resolve("colours"));
        try (Stream<Path> files = Files.list(folder.resolve("colours"))) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("a.bin", "b.bin");
        }
        assertThat(folder.resolve("colours/b.bin")).hasContent("second");
        assertThat(folder.resolveSibling("evil")).doesNotExist();
        assertNothingElse("colours");
        fetch(set).overNetwork();
        assertThat(ranges).hasSize(1);
    }

    @Test
    void an_archive_that_is_being_unpacked_is_left_alone() throws IOException {
        Published set = new Published(
                "colours",
                "a test",
                List.of(new PublishedFile("x.bin", CONTENT.length, Sha256.hex(CONTENT), List.of(uri("/x.bin")))),
                Optional.of("batches"));
        Files.write(folder.resolve("x.bin"), CONTENT);
        Files.createDirectories(folder.resolve(".colours.part"));
        Path half = Files.writeString(folder.resolve(".colours.part/half"), "of the other call");
        try (FileChannel other = FileChannel.open(
                folder.resolve(".colours.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            FileLock lock = other.lock();
            assertThatThrownBy(() -> fetch(set).overNetwork())
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("colours: is being fetched already");
            lock.release();
        }
        assertThat(half).exists();
        assertThat(folder.resolve("x.bin")).exists();
    }

    @Test
    void every_known_set_is_pinned_and_fetched_over_https() {
        assertThat(Published.ALL).extracting(Published::name).containsExactly("fashion-mnist", "mnist", "cifar10");
        assertThat(Published.ALL.stream().flatMap(set -> set.files().stream()))
                .hasSize(5)
                .allSatisfy(file -> {
                    assertThat(file.sha256()).matches("[0-9a-f]{64}");
                    assertThat(file.bytes()).isPositive();
                    assertThat(file.sources()).isNotEmpty().allSatisfy(uri -> {
                        assertThat(uri.getScheme()).isEqualTo("https");
                        assertThat(uri.getPath()).endsWith("/" + file.name());
                    });
                });
    }

    @Test
    void data_are_kept_where_the_environment_says() {
        Path home = Path.of("/home/a");
        assertThat(Downloads.folder(Map.of(), home)).isEqualTo(home.resolve(".local/share/palimpsest"));
        assertThat(Downloads.folder(Map.of("XDG_DATA_HOME", "/d"), home)).isEqualTo(Path.of("/d/palimpsest"));
        assertThat(Downloads.folder(Map.of("XDG_DATA_HOME", "/d", "PALIMPSEST_DATA", "/p"), home))
                .isEqualTo(Path.of("/p"));
    }

    private void assertNothingElse(String name) throws IOException {
        try (Stream<Path> left = Files.walk(folder)) {
            assertThat(left.filter(path -> path.getFileName().toString().startsWith(".")))
                    .isEmpty();
        }
        assertThat(folder.resolve(name)).isNotEmptyDirectory();
    }

    private Fetch fetch(Published set) {
        return new Fetch(set, folder, (file, bytes) -> assertThat(bytes).isLessThanOrEqualTo(file.bytes()));
    }

    private Published set(URI... sources) {
        return named("set", sources.length == 0 ? new URI[] {uri("/x.bin")} : sources);
    }

    private static Published named(String name, URI... sources) {
        return new Published(
                name,
                "a test",
                List.of(new PublishedFile("x.bin", CONTENT.length, Sha256.hex(CONTENT), List.of(sources))),
                Optional.empty());
    }

    private URI uri(String path) {
        return URI.create("http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + path);
    }

    private static byte[] content(int length) {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            content[i] = (byte) (i * 31 + i / 256);
        }
        return content;
    }

    private static byte[] archive(Map<String, String> files) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(packed))) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                byte[] bytes = file.getValue().getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey(), true);
                entry.setSize(bytes.length);
                tar.putArchiveEntry(entry);
                tar.write(bytes);
                tar.closeArchiveEntry();
            }
        }
        return packed.toByteArray();
    }
}
