package dev.palimpsest.plugins.unet;

import java.util.List;
import java.util.Locale;

/** One step of a plan, on tensors that it was constructed with. */
interface Layer {
    /** All tensors that the layer reads or writes: their memory is theirs from the first layer that names them to the last. */
    List<Tensor> tensors();

    /** How many floats of the working memory it asks for, which all layers share: what a layer leaves there lasts only until the next layer works. */
    default long workingLength(boolean backward) {
        return 0;
    }

    /** Called once, when the tensors and the working memory have been allocated. */
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
