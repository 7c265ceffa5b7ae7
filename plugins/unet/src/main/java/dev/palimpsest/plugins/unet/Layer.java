package dev.palimpsest.plugins.unet;

import java.util.List;
import java.util.Locale;

/** One step of a plan, on tensors that it was constructed with. */
interface Layer {
    /** All tensors that the layer reads or writes: their memory is theirs from the first layer that names them to the last. */
    List<Tensor> tensors();

    /** Called once, when the tensors have their memory. */
    default void prepare(boolean backward) {}

    /** Computes the outputs' values from the inputs'. */
    void forward();

    /** Adds to the inputs' gradients (or starts them), and sets those of the layer's own parameters, from the outputs'. */
    void backward();

    /** What its time is told under: its class in words. */
    default String kind() {
        return getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
}
