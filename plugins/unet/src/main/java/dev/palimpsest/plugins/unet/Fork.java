package dev.palimpsest.plugins.unet;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lets several layers read one node: each branch has the same value and a gradient of its own, and the gradients are added. */
final class Fork implements Layer {
    private final Node in;
    private final List<Node> branches = new ArrayList<>();

    Fork(Node in) {
        this.in = in;
    }

    Node branch() {
        Optional<Buffer> slope = in.slope().map(gradient -> Buffer.of(gradient.length()));
        Node branch = new Node(in.items(), in.height(), in.width(), in.channels(), in.value(), slope);
        branches.add(branch);
        return branch;
    }

    @Override
    public void forward() {}

    @Override
    public void backward() {
        int size = in.itemSize();
        Kernels.forEach(in.items(), item -> {
            float[] sum = Scratch.array(0, size);
            float[] part = Scratch.array(1, size);
            branches.get(0).gradient().get(item * size, sum, size);
            for (Node branch : branches.subList(1, branches.size())) {
                branch.gradient().get(item * size, part, size);
                Kernels.add(sum, part, size);
            }
            in.gradient().put(item * size, sum, size);
        });
    }
}
