package dev.palimpsest.plugins.mlp;

import java.util.List;

/** The memory of one batch size: activations, slopes and deltas of the hidden layers, allocated once. */
final class Plan {
    private final int items;
    private final List<Dense> hidden;
    private final Dense last;
    private final List<Floats> activations;
    private final List<Floats> slopes;
    private final List<Floats> deltas;

    Plan(int items, List<Dense> layers) {
        this.items = items;
        hidden = layers.subList(0, layers.size() - 1);
        last = layers.get(layers.size() - 1);
        activations = hiddenMatrices();
        slopes = hiddenMatrices();
        deltas = hiddenMatrices();
    }

    /** y [items, out] from the rows x. */
    void forward(Floats x, Floats y) {
        for (int i = 0; i < hidden.size(); i++) {
            hidden.get(i).activate(below(i, x), activations.get(i), items);
        }
        last.affine(below(hidden.size(), x), y, items);
    }

    /** As {@link #forward}, with what {@link #backward} needs kept. */
    void forwardKeepingSlopes(Floats x, Floats y) {
        for (int i = 0; i < hidden.size(); i++) {
            hidden.get(i).activate(below(i, x), activations.get(i), slopes.get(i), items);
        }
        last.affine(below(hidden.size(), x), y, items);
    }

    /** All gradients, from delta, the gradient of y. */
    void backward(Floats x, Floats delta) {
        Dense above = last;
        Floats deltaAbove = delta;
        above.gradients(below(hidden.size(), x), deltaAbove, items);
        for (int i = hidden.size() - 1; i >= 0; i--) {
            above.back(deltaAbove, deltas.get(i), items);
            above = hidden.get(i);
            deltaAbove = deltas.get(i);
            above.throughActivation(deltaAbove, slopes.get(i), items);
            above.gradients(below(i, x), deltaAbove, items);
        }
    }

    private Floats below(int layer, Floats x) {
        return layer == 0 ? x : activations.get(layer - 1);
    }

    private List<Floats> hiddenMatrices() {
        return hidden.stream().map(layer -> Floats.matrix(items, layer.out())).toList();
    }
}
