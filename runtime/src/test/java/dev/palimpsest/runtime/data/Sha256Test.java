package dev.palimpsest.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of FIPS 180-4: "abc", and a million times "a". */
class Sha256Test {
    @Test
    void a_message_has_the_digest_of_the_standard() {
        assertThat(Sha256.hex("abc".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void a_file_that_is_longer_than_a_buffer_has_the_digest_of_the_standard(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "a".repeat(1_000_000));
        assertThat(Sha256.hex(file)).isEqualTo("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }
}
