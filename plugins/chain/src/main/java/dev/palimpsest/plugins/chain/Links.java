package dev.palimpsest.plugins.chain;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

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
    public ForwardModel prepare(long[] itemShape) {
        return new Links(links.stream().map(link -> link.prepare(itemShape)).toList());
    }
}
