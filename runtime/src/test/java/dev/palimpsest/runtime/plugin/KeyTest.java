package dev.palimpsest.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyTest {
    public record Everything(
            @Doc("the width of the kernel") @Range(above = 0, max = 1)
            double sigma,

            @Range(min = 1) int steps,
            long[] shape,
            boolean exact,
            String label,
            Path path,
            List<List<Float>> matrix,
            Optional<OdeSolver> solver,
            Mode mode,
            List<OdeSolver> solvers,
            Path folder,
            List<String> tags)
            implements Runnable {
        public enum Mode {
            VERY_FAST,
            SLOW
        }

        public Everything() {
            this(
                    0.5,
                    3,
                    new long[0],
                    true,
                    "a",
                    Path.of("p"),
                    List.of(),
                    Optional.empty(),
                    Mode.SLOW,
                    List.of(),
                    Path.of(""),
                    List.of());
        }

        @Override
        public void run() {}
    }

    public record Throwing(int n) implements Runnable {
        public Throwing() {
            this(0);
            throw new IllegalStateException("no defaults");
        }

        @Override
        public void run() {}
    }

    private static List<Key> keys(Class<? extends Runnable> type) {
        return Key.of(new Extension<>(Runnable.class, "thing", type, "things"));
    }

    @Test
    void a_key_has_its_default_its_range_and_its_documentation() {
        Key sigma = keys(Everything.class).get(0);
        assertThat(sigma.name()).isEqualTo("sigma");
        assertThat(sigma.usual()).contains(0.5);
        assertThat(sigma.range().map(Ranges::describe)).contains("above 0 and at most 1");
        assertThat(sigma.doc()).isEqualTo("the width of the kernel");
        Key exact = keys(Everything.class).get(3);
        assertThat(exact.usual()).contains(true);
        assertThat(exact.range()).isEmpty();
        assertThat(exact.doc()).isEmpty();
    }

    @Test
    void types_are_said_in_words() {
        assertThat(keys(Everything.class))
                .extracting(key -> key.type().inWords())
                .containsExactly(
                        "number",
                        "whole number",
                        "long[], which no recipe can write",
                        "true or false",
                        "text",
                        "path",
                        "list of list of number",
                        "ode solver or nothing",
                        "one of very-fast, slow",
                        "list of ode solver",
                        "path",
                        "list of text");
    }

    @Test
    void an_empty_path_and_an_empty_list_are_no_defaults() {
        assertThat(keys(Everything.class).stream().filter(Key::required).map(Key::name))
                .containsExactly("matrix", "solvers", "folder", "tags");
    }

    @Test
    void a_constructor_that_throws_is_the_plugins_fault() {
        assertThatThrownBy(() -> keys(Throwing.class))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining("\"thing\" (plugin things)")
                .hasMessageContaining("its constructor threw java.lang.IllegalStateException: no defaults");
    }
}
