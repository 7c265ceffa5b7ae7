package dev.palimpsest.plugins.unet;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A list of layers for one batch size, with all memory allocated beforehand. */
final class Plan {
    private final Engine engine;
    private final List<Layer> layers = new ArrayList<>();
    private final Set<Tensor> tensors = new LinkedHashSet<>();
    private final List<Tensor> inputs = new ArrayList<>();
    private final List<Storage> owned = new ArrayList<>();

    Plan(Engine engine) {
        this.engine = engine;
    }

    <L extends Layer> L add(L layer) {
        layers.add(layer);
        tensors.addAll(layer.tensors());
        return layer;
    }

    /** A tensor that the caller writes before the forward pass: nothing else may lie in its memory until it is read. */
    Tensor input(Tensor tensor) {
        inputs.add(tensor);
        return tensor;
    }

    /** Allocates; only a plan with a backward pass keeps every activation, else tensors whose lives do not overlap share memory. */
    void allocate(boolean backward) {
        fill(values(backward), Tensor::holdValue);
        fill(gradients(backward), Tensor::holdGradient);
        layers.forEach(layer -> layer.prepare(backward));
    }

    /** How many floats {@link #allocate} would take. */
    long length(boolean backward) {
        return Stream.concat(values(backward).stream(), gradients(backward).stream())
                .mapToLong(Slot::length)
                .sum();
    }

    /** How much working memory its layers need, in floats: that of the one that asks for most. */
    long workingLength(boolean backward) {
        return layers.stream()
                .mapToLong(layer -> layer.workingLength(backward))
                .max()
                .orElse(0);
    }

    /** @param pass what is done with each layer, such as {@code Layer::forward} */
    void forward(Consumer<Layer> pass) {
        engine.begin();
        layers.forEach(pass);
    }

    /**
     * The caller has written the last tensor's gradient.
     *
     * @param pass what is done with each layer, such as {@code Layer::backward}
     */
    void backward(Consumer<Layer> pass) {
        tensors.forEach(Tensor::forgetGradient);
        engine.begin();
        for (int i = layers.size() - 1; i >= 0; i--) {
            pass.accept(layers.get(i));
        }
    }

    void close() {
        owned.forEach(storage -> storage.array().close());
        owned.clear();
    }

    /** A stretch of memory, and the tensors that have it one after another. */
    private record Slot(long length, List<Tensor> tensors) {}

    private List<Slot> values(boolean backward) {
        return backward
                ? tensors.stream()
                        .map(tensor -> new Slot(tensor.length(), List.of(tensor)))
                        .toList()
                : shared(layers, inputs);
    }

    private List<Slot> gradients(boolean backward) {
        List<Layer> reversed = new ArrayList<>(layers);
        Collections.reverse(reversed);
        return backward ? shared(reversed, List.of()) : List.of();
    }

    private void fill(List<Slot> slots, BiConsumer<Tensor, Storage> hold) {
        for (Slot slot : slots) {
            Storage storage = engine.allocate(slot.length());
            owned.add(storage);
            slot.tensors().forEach(tensor -> hold.accept(tensor, storage));
        }
    }

    /** @param written the tensors that hold something before the first layer */
    private static List<Slot> shared(List<Layer> order, List<Tensor> written) {
        Map<Tensor, Integer> last = new HashMap<>();
        for (int i = 0; i < order.size(); i++) {
            for (Tensor tensor : order.get(i).tensors()) {
                last.put(tensor, i);
            }
        }
        List<Slot> slots = new ArrayList<>();
        Map<Tensor, Slot> living = new HashMap<>();
        for (Tensor tensor : written) {
            Slot slot = added(slots, tensor.length());
            slot.tensors().add(tensor);
            living.put(tensor, slot);
        }
        Map<Long, Deque<Slot>> free = new HashMap<>();
        for (int i = 0; i < order.size(); i++) {
            for (Tensor tensor : order.get(i).tensors()) {
                if (!living.containsKey(tensor)) {
                    Deque<Slot> fitting = free.getOrDefault(tensor.length(), new ArrayDeque<>());
                    Slot slot = fitting.isEmpty() ? added(slots, tensor.length()) : fitting.pop();
                    slot.tensors().add(tensor);
                    living.put(tensor, slot);
                }
            }
            for (Tensor tensor : new LinkedHashSet<>(order.get(i).tensors())) {
                if (last.get(tensor) == i) {
                    free.computeIfAbsent(tensor.length(), length -> new ArrayDeque<>())
                            .push(living.get(tensor));
                }
            }
        }
        return slots;
    }

    private static Slot added(List<Slot> slots, long length) {
        Slot slot = new Slot(length, new ArrayList<>());
        slots.add(slot);
        return slot;
    }
}
