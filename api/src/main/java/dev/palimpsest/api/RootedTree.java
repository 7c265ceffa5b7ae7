package dev.palimpsest.api;

import java.util.ArrayList;
import java.util.List;

/** A rooted tree, that is, a term in the Taylor series of the solution of an ODE. */
record RootedTree(List<RootedTree> subtrees) {
    /** All rooted trees with this many nodes. */
    static List<RootedTree> ofSize(int nodes) {
        return forests(nodes - 1, nodes - 1, Integer.MAX_VALUE).stream()
                .map(RootedTree::new)
                .toList();
    }

    /** All multisets of trees with this many nodes together, in descending order of (size, index) so that each comes once. */
    private static List<List<RootedTree>> forests(int nodes, int largest, int lastIndex) {
        if (nodes == 0) {
            return List.of(List.of());
        }
        List<List<RootedTree>> forests = new ArrayList<>();
        for (int size = Math.min(nodes, largest); size >= 1; size--) {
            List<RootedTree> trees = ofSize(size);
            int end = size == largest ? Math.min(lastIndex, trees.size() - 1) : trees.size() - 1;
            for (int index = end; index >= 0; index--) {
                for (List<RootedTree> rest : forests(nodes - size, size, index)) {
                    List<RootedTree> forest = new ArrayList<>(List.of(trees.get(index)));
                    forest.addAll(rest);
                    forests.add(forest);
                }
            }
        }
        return forests;
    }

    int size() {
        return 1 + subtrees.stream().mapToInt(RootedTree::size).sum();
    }

    /** gamma(tree): the product of the sizes of all its subtrees, itself included. */
    double density() {
        return size() * subtrees.stream().mapToDouble(RootedTree::density).reduce(1, (p, q) -> p * q);
    }
}
