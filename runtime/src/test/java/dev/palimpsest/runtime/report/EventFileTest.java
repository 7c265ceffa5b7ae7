package dev.palimpsest.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.protobuf.CodedInputStream;
import org.tensorflow.framework.Summary;

/**
 * What is written is read by others: the events by Protocol Buffers' own reader, the summaries in them by the class that is generated from TensorFlow's summary.proto,
 * both as ND4J carries them.
 */
class EventFileTest {
    @TempDir
    Path folder;

    /** CRC-32C bit by bit: the polynomial 0x1edc6f41, reversed 0x82f63b78 (RFC 3720, appendix B.4), masked as in TensorFlow's crc32c.h. */
    private static int maskedChecksum(byte[] bytes) {
        int crc = ~0;
        for (byte each : bytes) {
            crc ^= each & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 1 ? crc >>> 1 ^ 0x82f63b78 : crc >>> 1;
            }
        }
        crc = ~crc;
        return (crc >>> 15 | crc << 17) + 0xa282ead8;
    }

    private static List<Event> read(Path file) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (all.hasRemaining()) {
            byte[] length = new byte[8];
            all.get(length);
            assertThat(all.getInt()).isEqualTo(maskedChecksum(length));
            byte[] data = new byte
                    [(int) ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong()];
            all.get(data);
            assertThat(all.getInt()).isEqualTo(maskedChecksum(data));
            events.add(Event.read(CodedInputStream.newInstance(data)));
        }
        return events;
    }

    /** The fields of event.proto: 1 double wall_time, 2 int64 step, 3 string file_version, 5 Summary summary, 7 SessionLog session_log (1 status, of which START is 1). */
    private record Event(double wallTime, long step, String version, Optional<Summary> summary, boolean start) {
        static Event read(CodedInputStream in) throws IOException {
            double wallTime = 0;
            long step = 0;
            String version = "";
            Optional<Summary> summary = Optional.empty();
            boolean start = false;
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (tag) {
                    case 1 << 3 | 1 -> wallTime = in.readDouble();
                    case 2 << 3 -> step = in.readInt64();
                    case 3 << 3 | 2 -> version = in.readStringRequireUtf8();
                    case 5 << 3 | 2 -> summary = Optional.of(Summary.parseFrom(in.readByteArray()));
                    case 7 << 3 | 2 -> {
                        assertThat(in.readByteArray()).containsExactly(1 << 3, 1);
                        start = true;
                    }
                    default -> throw new IOException("no field of an event: " + tag);
                }
            }
            summary.ifPresent(
                    known -> assertThat(known.getUnknownFields().asMap()).isEmpty());
            return new Event(wallTime, step, version, summary, start);
        }

        Summary.Value value() {
            return summary.orElseThrow().getValue(0);
        }
    }

    private Path only() throws IOException {
        try (var files = Files.list(folder)) {
            return files.findFirst().orElseThrow();
        }
    }

    @Test
    void scalars_are_read_back_with_their_tags_steps_and_times() throws IOException {
        double before = System.currentTimeMillis() / 1e3;
        try (EventFile file = EventFile.next(folder)) {
            file.scalars(3, Map.of("train/loss", .25));
            file.scalars(300_000_000_000L, Map.of("train/loss", -1e-3));
        }
        List<Event> events = read(only());
        assertThat(events.get(0).version()).isEqualTo("brain.Event:2");
        assertThat(events.get(1).start()).isTrue();
        assertThat(events.get(1).step()).isEqualTo(3);
        assertThat(events.subList(2, 4)).extracting(Event::step).containsExactly(3L, 300_000_000_000L);
        assertThat(events.subList(2, 4))
                .extracting(event -> event.value().getSimpleValue())
                .containsExactly(.25f, -1e-3f);
        assertThat(events.get(3).value().getTag()).isEqualTo("train/loss");
        assertThat(events)
                .allSatisfy(event -> assertThat(event.wallTime()).isBetween(before, System.currentTimeMillis() / 1e3));
        assertThat(events).hasSize(4);
    }

    /** The head of every event file that TensorFlow writes: 24 bytes follow, and the masked checksum of that length. */
    @Test
    void a_file_begins_as_those_of_tensorflow_do() throws IOException {
        EventFile.next(folder).close();
        assertThat(Files.readAllBytes(only())).startsWith(0x18, 0, 0, 0, 0, 0, 0, 0, 0xa3, 0x7f, 0x4b, 0x22, 0x09);
    }

    @Test
    void a_step_before_the_last_begins_anew() throws IOException {
        try (EventFile file = EventFile.next(folder)) {
            file.scalars(10, Map.of("loss", 1.));
            file.scalars(20, Map.of("loss", 1.));
            file.scalars(20, Map.of("psnr", 1.));
            file.scalars(15, Map.of("loss", 1.));
        }
        assertThat(read(only()).stream().filter(Event::start))
                .extracting(Event::step)
                .containsExactly(10L, 15L);
    }

    @Test
    void a_picture_is_a_png_with_its_size() throws IOException {
        BufferedImage image = new BufferedImage(5, 3, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(4, 2, 0xff336699);
        try (EventFile file = EventFile.next(folder)) {
            file.picture(7, "samples/items", new Picture("items", List.of("y"), "caption", "", false, image));
        }
        Event event = read(only()).get(1);
        Summary.Value value = event.value();
        assertThat(event.step()).isEqualTo(7);
        assertThat(value.getTag()).isEqualTo("samples/items");
        assertThat(List.of(value.getImage().getWidth(), value.getImage().getHeight()))
                .containsExactly(5, 3);
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(
                value.getImage().getEncodedImageString().toByteArray()));
        assertThat(read.getRGB(4, 2)).isEqualTo(0xff336699);
    }

    @Test
    void names_have_the_same_digits_in_every_locale() throws IOException {
        Locale usual = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            EventFile.next(folder).close();
        } finally {
            Locale.setDefault(usual);
        }
        assertThat(folder.resolve("events.out.tfevents.0000000001.palimpsest")).exists();
    }

    @Test
    void each_file_comes_after_those_before_it_by_its_name() throws IOException {
        for (int i = 0; i < 11; i++) {
            EventFile.next(folder).close();
        }
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()).sorted())
                    .hasSize(11)
                    .allMatch(name -> name.startsWith("events.out.tfevents."))
                    .last()
                    .isEqualTo("events.out.tfevents.0000000011.palimpsest");
        }
    }
}
