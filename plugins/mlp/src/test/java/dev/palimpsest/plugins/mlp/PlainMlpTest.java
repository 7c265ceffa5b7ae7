package dev.palimpsest.plugins.mlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palimpsest.testkit.contract.WithoutFusedKernels;
import org.junit.jupiter.api.Test;

class PlainMlpTest extends MlpTest implements WithoutFusedKernels {
    /** Without kernels of its own it does not time them. */
    @Test
    @Override
    void the_times_of_the_layers_add_up_to_less_than_the_whole() {
        assertThat(times()).isEmpty();
    }
}
