package dev.palimpsest.runtime.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * All that a training needs to go on after a step, bit for bit as if it had never stopped: by name. What is random is not in it, since every step draws
 * from streams of its own.
 *
 * @param numbers counts and factors, which a double holds exactly
 * @param arrays the weights and what belongs to them; of a training that goes on they are live, and hold until its next step
 * @param copies those of the arrays that are nothing but copies, whose memory {@link #close} frees
 */
public record TrainingState(
        SortedMap<String, Double> numbers, SortedMap<String, INDArray> arrays, List<INDArray> copies)
        implements AutoCloseable {
    static final String STEP = "step";

    TrainingState() {
        this(new TreeMap<>(), new TreeMap<>(), new ArrayList<>());
    }

    /** A state that was saved, of which all arrays are copies. */
    public static TrainingState saved(SortedMap<String, Double> numbers, SortedMap<String, INDArray> arrays) {
        return new TrainingState(numbers, arrays, List.copyOf(arrays.values()));
    }

    /** The step after which it was taken. */
    public int step() {
        return (int) number(STEP);
    }

    void put(String name, double number) {
        numbers.put(name, number);
    }

    void put(String name, INDArray array) {
        arrays.put(name, array);
    }

    void putCopy(String name, INDArray array) {
        arrays.put(name, array);
        copies.add(array);
    }

    @Override
    public void close() {
        copies.forEach(INDArray::close);
    }

    /** @throws TrainingException if there is none of this name */
    double number(String name) {
        return found(name, numbers.get(name));
    }

    /** @throws TrainingException if there is none of this name */
    INDArray array(String name) {
        return found(name, arrays.get(name));
    }

    boolean has(String name) {
        return numbers.containsKey(name) || arrays.containsKey(name);
    }

    /**
     * Copies an array.
     *
     * @throws TrainingException if there is none of this name, or of another length
     */
    void copy(String name, INDArray to) {
        INDArray from = array(name);
        if (from.length() != to.length()) {
            throw new TrainingException("the saved state of training has " + from.length() + " values of " + name + " "
                    + Arrays.toString(from.shape()) + ", the recipe's training has " + to.length()
                    + "; go on with the recipe and the plugins that it was saved with");
        }
        to.assign(from.reshape(to.shape()));
    }

    private static <T> T found(String name, T value) {
        return Optional.ofNullable(value)
                .orElseThrow(() -> new TrainingException("the saved state of training has no " + name
                        + "; it was saved by another version of the program, or with another recipe"));
    }
}
