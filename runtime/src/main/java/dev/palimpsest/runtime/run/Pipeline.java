package dev.palimpsest.runtime.run;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.runtime.data.DataException;
import dev.palimpsest.runtime.data.ObservationSet;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.data.Shapes;
import dev.palimpsest.runtime.data.Split;
import dev.palimpsest.runtime.plugin.Checked;
import dev.palimpsest.runtime.plugin.Extension;
import dev.palimpsest.runtime.plugin.Extensions;
import dev.palimpsest.runtime.plugin.PluginException;
import dev.palimpsest.runtime.probe.Probe;
import dev.palimpsest.runtime.probe.SpectraProbe;
import dev.palimpsest.runtime.probe.Spectrum;
import dev.palimpsest.runtime.recipe.Recipe;
import dev.palimpsest.runtime.train.SelfConsistentTraining;
import dev.palimpsest.runtime.train.TrainingSettings;
import dev.palimpsest.runtime.train.TrainingSettings.Start;
import dev.palimpsest.runtime.transport.Guess;
import dev.palimpsest.runtime.transport.PosteriorMean;
import dev.palimpsest.runtime.transport.TransportMap;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A recipe's parts, assembled once: what its plugins return is checked from here on.
 *
 * @param forward F, prepared for the items' shape
 * @param trainingSolver solves the transport's ODE in training
 * @param solver solves it in restoring
 * @param architecture of the networks
 * @param guess how the drift begins from the forward model's guess, if it does
 * @param observations y and what is known of its corruption
 * @param sourceMemory how many bytes the data took while the observations were gathered
 * @param split which rows of the observations are trained on, and which are held out
 * @param clean the clean items of the held-out rows, in their order, where they are known
 * @param scenes the images that the observations are windows of, where they are
 */
record Pipeline(
        Recipe recipe,
        RandomStreams streams,
        ForwardModel forward,
        InterpolantSchedule schedule,
        OdeSolver trainingSolver,
        OdeSolver solver,
        DriftArchitecture architecture,
        DriftSignature signature,
        Optional<Guess> guess,
        ObservationSet observations,
        long sourceMemory,
        Split split,
        Optional<INDArray> clean,
        Optional<Scenes> scenes)
        implements AutoCloseable {
    /** How many observations a guess is measured on, at most. */
    private static final int GUESSED = 512;

    /** How many windows of images F is examined at. */
    private static final int WINDOWS = 2048;

    /** A forward model that loses a smaller share of the values loses none. */
    private static final double FEWEST_LOST = .01;

    /**
     * Reads the data and simulates the observations, if they are not given.
     *
     * @param extensions where the recipe's parts come from
     * @param folder where the observations are kept; those that are there are used
     * @param most how many rows to train on, and how many to hold out, at most
     */
    static Pipeline assemble(
            Recipe recipe, Extensions extensions, Path home, Path folder, int most, Progress progress) {
        RandomStreams streams = new RandomStreams(recipe.seed());
        ForwardModel unprepared =
                Checked.forward(recipe.forward(), whose(extensions, ForwardModel.class, recipe.forward()));
        Gathered gathered = Gathered.in(folder, recipe.data(), unprepared, streams, home, most, progress);
        try {
            return of(recipe, extensions, streams, gathered);
        } catch (RuntimeException | Error e) {
            gathered.close();
            throw e;
        }
    }

    private static Pipeline of(Recipe recipe, Extensions extensions, RandomStreams streams, Gathered gathered) {
        DriftSignature signature = signature(gathered.forward(), gathered.observations(), gathered.split(), streams);
        InterpolantSchedule schedule = schedule(extensions, recipe);
        DriftArchitecture drift =
                Checked.drift(recipe.drift(), whose(extensions, DriftArchitecture.class, recipe.drift()));
        Optional<Guess> guess = guess(recipe, gathered, signature, schedule, streams);
        return new Pipeline(
                recipe,
                streams,
                gathered.forward(),
                schedule,
                solver(extensions, recipe.train().solver().orElse(recipe.solver())),
                solver(extensions, recipe.solver()),
                drift,
                signature,
                guess,
                gathered.observations(),
                gathered.sourceMemory(),
                gathered.split(),
                gathered.clean(),
                gathered.scenes());
    }

    /** Drifts, whose networks predict the rest where there is a guess. */
    DriftArchitecture drift() {
        return guess.map(from -> from.from(architecture, forward, schedule)).orElse(architecture);
    }

    /** The same for a drift that begins from another guess, or none, and was trained on another schedule. */
    Pipeline with(Optional<Guess> other, InterpolantSchedule trainedOn) {
        DriftArchitecture drift =
                other.map(from -> from.from(architecture, forward, trainedOn)).orElse(architecture);
        return new Pipeline(
                recipe,
                streams,
                forward,
                schedule,
                trainingSolver,
                solver,
                drift,
                signature,
                Optional.empty(),
                observations,
                sourceMemory,
                split,
                clean,
                scenes);
    }

    private static Optional<Guess> guess(
            Recipe recipe,
            Gathered gathered,
            DriftSignature signature,
            InterpolantSchedule schedule,
            RandomStreams streams) {
        if (!recipe.train().guess()) {
            return Optional.empty();
        }
        Observations y =
                gathered.observations().rows(first(GUESSED, gathered.split().training()));
        try {
            if (Guess.filled(gathered.forward(), signature, y)) {
                return Optional.of(
                        Guess.measured(gathered.forward(), y, recipe.train().hold(), streams.stream("guess", 0)));
            }
        } catch (DataException refused) {
            throw new DataException(gathered.observations().where() + ": " + refused.getMessage(), refused);
        }
        boolean told = y.conditioning().isPresent();
        boolean images = signature.itemShape().length == 3;
        return images && !told && schedule.gamma(.5) == 0 && SpectraProbe.fits(gathered.forward(), y.y(), streams)
                ? Optional.of(new Guess.Wiener(SpectraProbe.of(gathered.forward(), y.y(), streams)))
                : Optional.empty();
    }

    /** @param probe what F is, from which follows how long training takes the posterior mean, unless the recipe says so */
    SelfConsistentTraining training(Probe probe) {
        ObservationSet context = scenes.map(Scenes::context).orElse(observations);
        return new SelfConsistentTraining(
                settings(probe),
                scenes.map(images -> images.forward().prepare(context.itemShape()))
                        .orElse(forward),
                schedule,
                trainingSolver,
                drift(),
                signature,
                context,
                split.training(),
                scenes.map(Scenes::margin).orElse(0),
                streams);
    }

    /** The recipe's, with what follows from F where it does not say how training begins. */
    TrainingSettings settings(Probe probe) {
        TrainingSettings train = recipe.train();
        boolean loses = probe.channel().lost() > FEWEST_LOST;
        return PosteriorMean.impossible(schedule, train.mix()).isPresent()
                ? train.begunFromObservations()
                : train.begun(start(), loses);
    }

    private Start start() {
        return guess.map(from -> from instanceof Guess.Wiener ? Start.WIENER : Start.FILLED)
                .orElse(Start.OBSERVATIONS);
    }

    TransportMap restoring(DriftNetwork trained) {
        return new TransportMap(trained, solver);
    }

    /** The posterior mean by a trained drift; the schedule must be one from which it follows. */
    PosteriorMean mean(DriftNetwork trained) {
        return new PosteriorMean(trained, schedule, recipe.train().mix());
    }

    /**
     * What F is, by calling it at observations to train on.
     *
     * @throws PluginException if F fails
     */
    Probe probe() {
        int[] rows = first(Probe.items(itemSize()), split.training());
        try {
            return Probe.of(forward, observations.rows(rows), streams);
        } catch (PluginException e) {
            throw e.at("probing the forward model");
        }
    }

    /**
     * What F does to frequencies and directions, by calling it at clean items, or where none are known at observations.
     *
     * @param directions whether each single direction is tried
     * @throws PluginException if F fails
     */
    Spectrum spectrum(boolean directions) {
        try {
            return clean.filter(held -> held.size(0) > 1)
                    .map(x -> Spectrum.ofClean(forward, x, directions, streams))
                    .orElseGet(() -> Spectrum.ofObserved(forward, observations.rows(examined()), directions, streams));
        } catch (PluginException e) {
            throw e.at("probing the forward model");
        }
    }

    /** All observations to train on; of windows, which cover images several times, as many as that takes not much memory. */
    private int[] examined() {
        return scenes.isPresent() ? first(WINDOWS, split.training()) : split.training();
    }

    /** How many numbers an item has. */
    int itemSize() {
        return Math.toIntExact(Arrays.stream(signature.itemShape()).reduce(1, Math::multiplyExact));
    }

    @Override
    public void close() {
        observations.close();
        scenes.ifPresent(Scenes::close);
    }

    /** The signature, from the observations; F must give the same kind of conditioning, since the drift learns from F's and restores with theirs. */
    private static DriftSignature signature(
            ForwardModel forward, ObservationSet observations, Split split, RandomStreams streams) {
        Observations probe = observations.rows(new int[] {split.training()[0]});
        Optional<INDArray> simulated =
                forward.apply(probe.y(), streams.stream("probe", 0)).conditioning();
        String ofF = simulated.map(c -> Arrays.toString(itemShape(c))).orElse("none");
        String ofData =
                probe.conditioning().map(c -> Arrays.toString(itemShape(c))).orElse("none");
        if (!ofF.equals(ofData)) {
            throw new RunException(
                    "the forward model's conditioning has shape " + ofF + " an item, but the observations' has "
                            + ofData
                            + "; give the observations the conditioning.npy that the forward model would give, or another forward model");
        }
        int maps =
                simulated.filter(c -> c.rank() == 4).map(c -> (int) c.size(1)).orElse(0);
        int size =
                simulated.filter(c -> c.rank() == 2).map(c -> (int) c.size(1)).orElse(0);
        return new DriftSignature(itemShape(probe.y()), maps, size);
    }

    static InterpolantSchedule schedule(Extensions extensions, Recipe recipe) {
        return Checked.schedule(recipe.schedule(), whose(extensions, InterpolantSchedule.class, recipe.schedule()));
    }

    static OdeSolver solver(Extensions extensions, OdeSolver solver) {
        return Checked.solver(solver, whose(extensions, OdeSolver.class, solver));
    }

    private static <T> Extension<T> whose(Extensions extensions, Class<T> kind, T part) {
        return extensions.whose(kind, part).orElseThrow();
    }

    static int[] first(int most, int[] rows) {
        return Arrays.copyOf(rows, Math.min(most, rows.length));
    }

    static long[] itemShape(INDArray batch) {
        return Shapes.item(batch.shape());
    }
}
