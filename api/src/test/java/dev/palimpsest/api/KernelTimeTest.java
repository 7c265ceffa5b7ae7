package dev.palimpsest.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class KernelTimeTest {
    @Test
    void what_is_no_time_is_refused() {
        assertThatThrownBy(() -> new KernelTime(" ", 1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new KernelTime("norm", 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"norm\", 0");
        assertThatThrownBy(() -> new KernelTime("norm", 1, -1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new KernelTime("norm", 1, 0, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_network_need_not_time_itself() {
        DriftNetwork network = new DriftNetwork() {
            @Override
            public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
                return x.dup();
            }

            @Override
            public LossGradient squaredError(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
                return new LossGradient(0, parameters());
            }

            @Override
            public INDArray parameters() {
                return Nd4j.zeros(1);
            }
        };
        INDArray x = Nd4j.zeros(1, 2);
        assertThat(network.kernelTimes(Nd4j.zeros(1), x, Optional.empty(), x)).isEmpty();
    }
}
