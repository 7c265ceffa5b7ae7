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

/** A list of layers for one batch size, with all memory allocated beforehand. */
final class Plan {
    private final List<Layer> layers = new ArrayList<>();
    private final Set<Tensor> tensors = new LinkedHashSet<>();
    private final List<Tensor> inputs = new ArrayList<>();
    private final List<Storage> owned = new ArrayList<>();

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
        if (backward) {
            tensors.forEach(tensor -> tensor.holdValue(own(tensor.length())));
            List<Layer> reversed = new ArrayList<>(layers);
            Collections.reverse(reversed);
            share(reversed, List.of(), Tensor::holdGradient);
        } else {
            share(layers, inputs, Tensor::holdValue);
        }
        layers.forEach(layer -> layer.prepare(backward));
    }

    /** @param pass what is done with each layer, such as {@code Layer::forward} */
    void forward(Consumer<Layer> pass) {
        Blas.inOneThread();
        layers.forEach(pass);
    }

    /**
     * The caller has written the last tensor's gradient.
     *
     * @param pass what is done with each layer, such as {@code Layer::backward}
     */
    void backward(Consumer<Layer> pass) {
        tensors.forEach(Tensor::forgetGradient);
        Blas.inOneThread();
        for (int i = layers.size() - 1; i >= 0; i--) {
            pass.accept(layers.get(i));
        }
    }

    void close() {
        owned.forEach(storage -> storage.array().close());
        owned.clear();
    }

    /** @param written the tensors that hold something before the first layer */
    private void share(List<Layer> order, List<Tensor> written, BiConsumer<Tensor, Storage> hold) {
        Map<Tensor, Integer> last = new HashMap<>();
        for (int i = 0; i < order.size(); i++) {
            for (Tensor tensor : order.get(i).tensors()) {
                last.put(tensor, i);
            }
        }
        Map<Tensor, Storage> living = new HashMap<>();
        for (Tensor tensor : written) {
            Storage storage = own(tensor.length());
            living.put(tensor, storage);
            hold.accept(tensor, storage);
        }
        Map<Long, Deque<Storage>> free = new HashMap<>();
        for (int i = 0; i < order.size(); i++) {
            for (Tensor tensor : order.get(i).tensors()) {
                if (!living.containsKey(tensor)) {
                    Deque<Storage> fitting = free.getOrDefault(tensor.length(), new ArrayDeque<>());
                    Storage storage = fitting.isEmpty() ? own(tensor.length()) : fitting.pop();
                    living.put(tensor, storage);
                    hold.accept(tensor, storage);
                }
            }
            for (Tensor tensor : new LinkedHashSet<>(order.get(i).tensors())) {
                if (last.get(tensor) == i) {
                    free.computeIfAbsent(tensor.length(), length -> new ArrayDeque<>())
                            .push(living.get(tensor));
                }
            }
        }
    }

    private Storage own(long length) {
        Storage storage = Storage.allocate(length);
        owned.add(storage);
        return storage;
    }
}
