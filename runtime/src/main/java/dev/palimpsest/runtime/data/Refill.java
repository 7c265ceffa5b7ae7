package dev.palimpsest.runtime.data;

import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import java.util.Optional;

/** Draws anew what stands for an observation's lost values, see {@link ForwardModel#refill}: with the seed, its name and the number of the draw decide. */
public record Refill(ForwardModel forward, RandomStreams streams) {
    /**
     * Fills one observation.
     *
     * @param name of the observation
     * @param draw from 1
     * @param one y [1, ...], and its conditioning; without that, lost values are NaN
     * @return empty if the forward model loses none
     * @throws DataException if the forward model is one that was checked, and it refuses the observation
     */
    public Optional<Observations> of(String name, int draw, Observations one) {
        return forward.refill(one, streams.stream("restore " + name, draw));
    }
}
