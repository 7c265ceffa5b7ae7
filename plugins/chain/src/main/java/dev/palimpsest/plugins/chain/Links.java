package dev.palimpsest.plugins.chain;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The models of a chain, each with its place in it. */
record Links(List<Link> links) implements ForwardModel {
    static Links of(List<ForwardModel> models) {
        return new Links(IntStream.range(0, models.size())
                .mapToObj(i -> Link.of(i + 1, models.get(i)))
                .toList());
    }

    @Override
    public Observations apply(INDArray x, RandomGenerator rng) {
        INDArray y = x.dup();
        List<INDArray> known = new ArrayList<>();
        for (Link link : links) {
            Observations observed = link.apply(y, rng);
            y = observed.y();
            observed.conditioning().ifPresent(known::add);
        }
        return new Observations(y, Conditionings.joined(known));
    }

    @Override
    public Optional<Observations> refill(Observations observed, RandomGenerator rng) {
        INDArray y = observed.y();
        if (links.isEmpty() || earlier().anyMatch(link -> ofNothingLost(link, y).isPresent())) {
            return Optional.empty();
        }
        Link last = links.get(links.size() - 1);
        Optional<Observations> like = ofNothingLost(last, y);
        Optional<INDArray> known = observed.conditioning();
        if (like.isEmpty() || (known.isEmpty() && !earlierTellNothing(y))) {
            return Optional.empty();
        }
        if (known.isEmpty()) {
            return last.refill(observed, rng);
        }
        return like.get()
                .conditioning()
                .map(own -> Conditionings.last(known.get(), own))
                .flatMap(own -> last.refill(Observations.of(y, own), rng))
                .map(refilled -> new Observations(refilled.y(), known.map(INDArray::dup)));
    }

    @Override
    public Optional<INDArray> guess(INDArray state, Optional<INDArray> conditioning) {
        if (links.isEmpty()) {
            return Optional.empty();
        }
        Link last = links.get(links.size() - 1);
        if (links.size() == 1 || conditioning.isEmpty()) {
            return last.guess(state, conditioning);
        }
        Optional<INDArray> own = told(last, state).map(like -> Conditionings.last(conditioning.get(), like));
        Optional<INDArray> guess = last.guess(state, own);
        own.ifPresent(INDArray::close);
        return guess;
    }

    @Override
    public Optional<INDArray> seen(Optional<INDArray> conditioning) {
        return links.size() == 1 ? links.get(0).seen(conditioning) : Optional.empty();
    }

    private Stream<Link> earlier() {
        return links.stream().limit(links.size() - 1L);
    }

    /** What a model makes of an item of which nothing is lost; empty if it has no filler. */
    private static Optional<Observations> ofNothingLost(Link link, INDArray y) {
        return link.refill(Observations.of(item(y)), anyGenerator());
    }

    /** Whether the last model's conditioning is that of the chain. */
    private boolean earlierTellNothing(INDArray y) {
        return earlier().noneMatch(link -> told(link, y).isPresent());
    }

    /** What a model tells of an item of zeros in the shape of those in a batch. */
    private static Optional<INDArray> told(Link link, INDArray batch) {
        long[] shape = Arrays.copyOfRange(batch.shape(), 1, batch.rank());
        return link.prepare(shape).apply(item(batch), anyGenerator()).conditioning();
    }

    /** One item, of zeros. */
    private static INDArray item(INDArray y) {
        long[] shape = y.shape().clone();
        shape[0] = 1;
        return Nd4j.zeros(DataType.FLOAT, shape);
    }

    /** For calls of which only the shape of what they return is looked at. */
    private static RandomGenerator anyGenerator() {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(0);
    }

    @Override
    public ForwardModel prepare(long[] itemShape) {
        return new Links(links.stream().map(link -> link.prepare(itemShape)).toList());
    }
}
