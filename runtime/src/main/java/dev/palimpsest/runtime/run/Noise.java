package dev.palimpsest.runtime.run;

import dev.palimpsest.api.Samples;
import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.DataSource;
import dev.palimpsest.runtime.data.Drawn;
import dev.palimpsest.runtime.data.Items;
import dev.palimpsest.runtime.data.Places;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.recipe.Recipe;
import java.util.Arrays;

/** Items of any shape, uniform in [-1, 1]: in the place of data whose values do not matter, or that are not there yet. */
record Noise(long[] itemShape, int training) implements DataSource {
    Noise {
        double numbers =
                (training + 1.0) * Arrays.stream(itemShape).asDoubleStream().reduce(1, (a, b) -> a * b);
        if (numbers > Integer.MAX_VALUE) {
            throw new DataException(String.format(
                    java.util.Locale.ROOT,
                    "a batch of %d items of shape %s has %.3g numbers; expected at most %d: take smaller items, or a smaller train.batch",
                    training,
                    Arrays.toString(itemShape),
                    numbers,
                    Integer.MAX_VALUE));
        }
    }

    /** The recipe with its data replaced by as many items as a batch has. */
    static Recipe instead(Recipe recipe, long[] itemShape) {
        return new Recipe(
                recipe.name(),
                recipe.seed(),
                new Noise(itemShape, recipe.train().batch()),
                recipe.forward(),
                recipe.schedule(),
                recipe.drift(),
                recipe.solver(),
                recipe.train(),
                recipe.evaluate());
    }

    @Override
    public int limit() {
        return 0;
    }

    @Override
    public int holdOut() {
        return 1;
    }

    @Override
    public Items open(Places places, RandomStreams streams) {
        long[] shape = new long[itemShape.length + 1];
        shape[0] = training + 1L;
        System.arraycopy(itemShape, 0, shape, 1, itemShape.length);
        return new Items.Clean(Drawn.of(
                "noise",
                Samples.uniform(streams.stream("data", 0), shape).muli(2).subi(1)));
    }
}
