package dev.palimpsest.plugins.chain;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * F = F_n . ... . F_1: each model corrupts what the one before it returned, all with the one generator in turn. A chain of no models is the identity.
 *
 * <p>What is known of each corruption is joined in the order of the models: vectors [N, d] to one of the sum of their lengths, maps [N, c, H, W] along
 * the channels; beside maps, a vector is spread to d constant maps.
 *
 * @param models F_1 to F_n
 */
@Doc("Several forward models, one after the other; what is known of each is joined.")
public record Chain(
        @Doc(
                "The forward models, in the order in which they corrupt: each the name of a type, or {type: ..., key: ...}.")
        List<ForwardModel> models)
        implements ForwardModel {
    public Chain() {
        this(List.of());
    }

    public Chain {
        models = List.copyOf(models);
    }

    /** Throws IllegalArgumentException, naming the model and its position, if one refuses x or does not return what a forward model must. */
    @Override
    public Observations apply(INDArray x, RandomGenerator rng) {
        return Links.of(models).apply(x, rng);
    }

    /**
     * Fills what the last model loses, which nothing corrupts further; what the models before it made is left as it was seen. Empty if the last model has no
     * filler; if an earlier one has, too, for what it put in the place of lost values was corrupted by those after it and cannot be drawn anew by calls alone;
     * and if lost values are marked by NaN and an earlier model tells of each corruption what marks do not say.
     *
     * <p>Throws IllegalArgumentException, naming the model and its position, if it refuses the observations.
     */
    @Override
    public Optional<Observations> refill(Observations observed, RandomGenerator rng) {
        return Links.of(models).refill(observed, rng);
    }

    /**
     * The last model's guess, with its part of what is known: an estimate of what reached it, such as a blurred image whose lost pixels are filled. What the
     * models before it made is left to the network.
     *
     * <p>Throws IllegalArgumentException, naming the model and its position, if it refuses the state.
     */
    @Override
    public Optional<INDArray> guess(INDArray state, Optional<INDArray> conditioning) {
        return Links.of(models).guess(state, conditioning);
    }

    /** What the model sees, in a chain of one; empty in others, in which y is not x where the last model sees what the ones before it made. */
    @Override
    public Optional<INDArray> seen(Optional<INDArray> conditioning) {
        return Links.of(models).seen(conditioning);
    }

    /** Throws IllegalArgumentException, naming the model and its position, if one refuses the shape. */
    @Override
    public ForwardModel prepare(long[] itemShape) {
        return Links.of(models).prepare(itemShape);
    }
}
