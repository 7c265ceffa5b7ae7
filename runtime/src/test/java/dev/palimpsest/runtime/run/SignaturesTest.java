package dev.palimpsest.runtime.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palimpsest.api.DriftSignature;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignaturesTest {
    @TempDir
    Path folder;

    private RunFolder run(String signature) {
        return RunFolder.open(
                WrittenRun.begun(folder).write("signature.json", signature).folder());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[1, 2]", "{\"itemShape\": "})
    void a_file_that_holds_no_signature_is_an_error_that_names_it(String text) {
        RunFolder run = run(text);
        assertThatThrownBy(() -> Signatures.read(run))
                .isInstanceOf(RunException.class)
                .hasMessageContaining("signature.json cannot be read (expected DriftSignature in JSON, got ");
    }

    @Test
    void what_was_written_is_read() {
        RunFolder run = run("");
        DriftSignature signature = new DriftSignature(new long[] {1, 16, 16}, 2, 0);
        Signatures.write(run, signature, Optional.empty());
        DriftSignature read = Signatures.read(run);
        assertThat(read.itemShape()).containsExactly(1, 16, 16);
        assertThat(read.conditioningMaps()).isEqualTo(2);
    }
}
