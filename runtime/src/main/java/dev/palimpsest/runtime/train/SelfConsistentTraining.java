package dev.palimpsest.runtime.train;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.LossGradient;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.OdeSolver;
import dev.palimpsest.runtime.data.ObservationSet;
import dev.palimpsest.runtime.data.OffHeap;
import dev.palimpsest.runtime.data.RandomStreams;
import dev.palimpsest.runtime.data.ReadAhead;
import dev.palimpsest.runtime.train.TransportedPool.Transported;
import dev.palimpsest.runtime.transport.PosteriorMean;
import dev.palimpsest.runtime.transport.TransportException;
import dev.palimpsest.runtime.transport.TransportMap;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Algorithm 1 of arXiv 2512.10857: self-consistent stochastic interpolants.
 *
 * <pre>
 * every step:  y ~ mu;  x = Phi(y);  y~ = F(x);  z ~ N(0, I);  t ~ U(0, 1)
 *              theta &lt;- theta - eps grad || b_theta(t, I_t, conditioning of y~) - I_t' ||^2
 * every T_tr:  Phi is driven by the (averaged) weights
 * </pre>
 *
 * In the mean rounds, after the warm-up, x = E[x | y] under what the drift has learned stands for Phi(y): what the observations do not show collapses to its
 * mean at once, instead of keeping the noise that the rounds begin from (docs/method.md, section 13).
 *
 * <p>No gradient flows through Phi. An instance trains once.
 */
public final class SelfConsistentTraining {
    private static final int ROLLBACKS = 2;
    private static final int STEPS_BETWEEN_SNAPSHOTS = 100;

    private final TrainingSettings settings;
    private final ForwardModel forward;
    private final InterpolantSchedule schedule;
    private final ReadAhead observations;
    private final int[] rows;
    private final RandomStreams streams;

    private final DriftNetwork student;
    private final DriftNetwork teacher;
    private final TransportMap transport;
    private final Optional<PosteriorMean> mean;
    private final Phases phases;
    private final LearningRate learningRate;
    private final int blockSize;
    private final int stepsBetweenBlocks;
    private final Margin margin;

    private final BatchArray repeatedX = new BatchArray();
    private final BatchArray repeatedY = new BatchArray();
    private final BatchArray repeatedConditioning = new BatchArray();
    private final BatchArray chosenY = new BatchArray();
    private final BatchArray chosenConditioning = new BatchArray();
    private final Interpolator interpolator;
    private final MicroBatches microBatches;
    private final Moved moved;
    private final Moved lastGood;
    private int lastGoodStep;
    private TransportedPool pool;
    private int step;
    private double callsBefore;

    /** What all blocks of the pool took so far; those of one that is under way are not in it. */
    private double transportCalls;

    private double rateFactor = 1;
    private int rollbacks;

    /**
     * @param forward F, prepared for the items' shape
     * @param solver solves the transport's ODE in training
     * @param observations y ~ mu, each with its own conditioning
     * @param rows which of them to train on
     * @param margin by how many pixels the observations, for which F is prepared, are larger on each side than the network's items: they are transported by
     *     tiles and corrupted as a whole, and what is learned from is their middle, to whose border F has brought what lies beyond it
     */
    public SelfConsistentTraining(
            TrainingSettings settings,
            ForwardModel forward,
            InterpolantSchedule schedule,
            OdeSolver solver,
            DriftArchitecture architecture,
            DriftSignature signature,
            ObservationSet observations,
            int[] rows,
            int margin,
            RandomStreams streams) {
        this.settings = settings;
        this.forward = forward;
        this.schedule = schedule;
        this.observations = new ReadAhead(observations);
        this.rows = rows.clone();
        this.streams = streams;
        student = architecture.build(signature, streams.seed());
        teacher = architecture.build(signature, streams.seed());
        this.margin = new Margin(margin, signature.itemShape());
        transport = new TransportMap(teacher, solver);
        phases = new Phases(settings);
        mean = phases.hasMean() ? Optional.of(new PosteriorMean(teacher, schedule, settings.mix())) : Optional.empty();
        learningRate = new LearningRate(settings);
        blockSize = settings.batch() / settings.recorruptions();
        stepsBetweenBlocks = (int) Math.round(1 / settings.pool());
        pool = emptyPool();
        interpolator = new Interpolator(schedule);
        microBatches = new MicroBatches(settings.microBatch());
        moved = new Moved(
                student.parameters(),
                new Adam(student.parameters()),
                new AveragedWeights(averaged(), settings.teacher()));
        lastGood = moved.like(settings.teacher());
        lastGood.assign(moved);
    }

    /** Where the average is kept: it is the teacher itself if that is refreshed at every step. */
    private INDArray averaged() {
        INDArray first = student.parameters();
        return phases.refreshAlways() ? teacher.parameters().assign(first) : first.dup();
    }

    /**
     * Goes on from where another instance was, made of the same parts: every step has the same bits as there.
     *
     * @param state what that one's listener was given; its copies are freed
     * @throws TrainingException if the state does not fit, or training diverges as in {@link #run}
     */
    public Trained goOn(TrainingState state, TrainingListener listener) {
        return trained(() -> restore(state), listener);
    }

    private void restore(TrainingState state) {
        step = state.step();
        callsBefore = state.number("transportCalls");
        transportCalls = callsBefore;
        rateFactor = state.number("rateFactor");
        rollbacks = (int) state.number("rollbacks");
        moved.restore("", state);
        lastGoodStep = (int) state.number("lastGood.step");
        if (lastGoodStep == step) {
            lastGood.assign(moved);
        } else {
            lastGood.restore("lastGood.", state);
        }
        if (!phases.refreshAlways()) {
            state.copy("transport", teacher.parameters());
        }
        pool.restore(state);
        state.close();
    }

    /** The last good state is left out where it is the present one. */
    private TrainingState state() {
        TrainingState state = new TrainingState();
        state.put(TrainingState.STEP, step);
        state.put("transportCalls", transportCalls);
        state.put("rateFactor", rateFactor);
        state.put("rollbacks", rollbacks);
        moved.save("", state);
        state.put("lastGood.step", lastGoodStep);
        if (lastGoodStep != step) {
            lastGood.save("lastGood.", state);
        }
        if (!phases.refreshAlways()) {
            state.put("transport", teacher.parameters());
        }
        pool.save(state);
        return state;
    }

    /**
     * Trains.
     *
     * @throws TrainingException if loss or gradient were not finite a third time, after going back twice to the last good state with half the rate
     */
    public Trained run(TrainingListener listener) {
        return trained(() -> {}, listener);
    }

    private Trained trained(Runnable start, TrainingListener listener) {
        try (student;
                observations) {
            start.run();
            takeSteps(listener);
            listener.resumable(step, true, this::state);
            refresh();
            long pairs = (long) step * settings.batch();
            return new Trained(teacher, step, pairs, pairs == 0 ? 0 : networkCalls() / pairs);
        } catch (RuntimeException | Error failed) {
            afterwards(failed, () -> listener.failed(moved.average().values()));
            afterwards(failed, teacher::close);
            throw failed;
        }
    }

    /** What goes wrong after a failure does not hide it. */
    private static void afterwards(Throwable failed, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error another) {
            failed.addSuppressed(another);
        }
    }

    private void takeSteps(TrainingListener listener) {
        while (step < settings.steps() && !listener.stopped()) {
            step++;
            try {
                descend(error(listener), listener);
            } catch (Divergence divergence) {
                goBack(divergence, listener);
                continue;
            }
            listener.resumable(step, false, this::state);
        }
    }

    /** What fails here has changed no weights: training can go on from the step before, where what failed is tried again. */
    private LossGradient error(TrainingListener listener) {
        try {
            Transported real = transported(step);
            INDArray x = repeatedX.repeated(real.x(), settings.recorruptions());
            Observations y = margin.cut(recorrupted(x, real.y(), step));
            Interpolation i = interpolated(margin.cut(x), y.y(), step);
            return microBatches.squaredError(student, i, y.conditioning());
        } catch (Divergence divergence) {
            throw divergence;
        } catch (RuntimeException failed) {
            step--;
            afterwards(failed, () -> listener.resumable(step, true, this::state));
            throw failed;
        }
    }

    /**
     * y ~ mu and x = Phi(y), or E[x | y] in the mean rounds: in the warm-up Phi is the identity; afterwards x comes from the pool, to which a block is added every so many steps that the
     * wanted share of what the steps use is new. A step that failed may have added its block already, and is then spared the transport.
     */
    private Transported transported(int step) {
        RandomGenerator rng = streams.stream("observation", step);
        if (step <= phases.warmUp()) {
            Observations y = observed(rng, step + 1);
            return new Transported(y.y(), y);
        }
        int sinceBlock = (step - phases.warmUp() - 1) % stepsBetweenBlocks;
        if (pool.newest() == step) {
            drawn(rng);
        } else if (pool.isEmpty() || sinceBlock == 0) {
            Observations y = observed(rng, step + stepsBetweenBlocks - sinceBlock);
            INDArray x = margin.apply(y, part -> estimated(part, step));
            require(Double.isFinite(x.sumNumber().doubleValue()), "Phi(y) was not finite");
            pool.add(step, new Transported(x, y));
            transportCalls = callsBefore
                    + transport.calls()
                    + mean.map(PosteriorMean::calls).orElse(0L);
            OffHeap.free(x);
            OffHeap.free(y.y());
            y.conditioning().ifPresent(OffHeap::free);
        }
        return pool.draw(rng);
    }

    /** Draws observations; those of the next step that will draw any are read meanwhile. */
    private Observations observed(RandomGenerator rng, int next) {
        Observations y = observations.rows(drawn(rng));
        if (next <= settings.steps()) {
            observations.expect(drawn(streams.stream("observation", next)));
        }
        return y;
    }

    private int[] drawn(RandomGenerator rng) {
        return rng.ints(blockSize, 0, rows.length).map(k -> rows[k]).toArray();
    }

    private INDArray estimated(Observations y, int step) {
        return phases.meanAt(step) ? mean.orElseThrow().apply(y) : carried(y);
    }

    private INDArray carried(Observations y) {
        try {
            return transport.apply(y);
        } catch (TransportException gaveUp) {
            throw new Divergence(gaveUp.getMessage());
        }
    }

    /** y~ = F(x), a fresh draw with a fresh conditioning; a share 1 - mix of the pairs has the real y, with its own. */
    private Observations recorrupted(INDArray x, Observations real, int step) {
        if (settings.mix() == 0) {
            return repeated(real);
        }
        Observations simulated = forward.apply(x, streams.stream("recorrupt", step));
        if (settings.mix() == 1) {
            return simulated;
        }
        RandomGenerator rng = streams.stream("mix", step);
        boolean[] simulate = new boolean[Math.toIntExact(x.size(0))];
        for (int i = 0; i < simulate.length; i++) {
            simulate[i] = rng.nextDouble() < settings.mix();
        }
        Observations repeated = repeated(real);
        INDArray y = chosenY.chosen(simulate, simulated.y(), repeated.y());
        OffHeap.free(simulated.y());
        return new Observations(
                y,
                simulated
                        .conditioning()
                        .map(c -> chosenConditioning.chosen(
                                simulate, c, repeated.conditioning().orElseThrow())));
    }

    private Interpolation interpolated(INDArray x, INDArray y, int step) {
        double margin = schedule.margin();
        double[] t = streams.stream("time", step)
                .doubles(x.size(0), margin, 1 - margin)
                .map(u -> Math.min(1 - margin, u / (1 - settings.endShare())))
                .toArray();
        return interpolator.at(t, x, y, streams.stream("latent", step));
    }

    private void descend(LossGradient error, TrainingListener listener) {
        INDArray gradient = error.gradient();
        double norm = Norm.of(gradient);
        require(Double.isFinite(error.loss()) && Double.isFinite(norm), "loss or gradient were not finite");
        double scale = settings.clip() > 0 && norm > settings.clip() ? settings.clip() / norm : 1;
        double rate = rateFactor * learningRate.at(step);
        moved.adam().step(moved.weights(), gradient, scale, rate, moved.average());
        if (phases.refreshAfter(step)) {
            refresh();
        }
        if (step % STEPS_BETWEEN_SNAPSHOTS == 0) {
            lastGood.assign(moved);
            lastGoodStep = step;
        }
        listener.stepped(step, error.loss(), norm, rate);
        if (settings.checkpointEvery() > 0 && step % settings.checkpointEvery() == 0) {
            listener.checkpoint(step, networkCalls(), moved.average().values());
        }
    }

    /** A gradient costs as much as three calls: one forward, and about two backward. */
    private double networkCalls() {
        return 3.0 * step * settings.batch() + transportCalls;
    }

    private void goBack(Divergence divergence, TrainingListener listener) {
        if (++rollbacks > ROLLBACKS) {
            throw new TrainingException(
                    "training diverged in step " + step + ": " + divergence.getMessage() + "; it went back " + ROLLBACKS
                            + " times before, with half the learning rate each time; use a smaller train.learningRate than "
                            + rateFactor * settings.learningRate() + ", or train.clip above 0");
        }
        rateFactor /= 2;
        moved.assign(lastGood);
        refresh();
        pool = emptyPool();
        int failed = step;
        step = lastGoodStep;
        listener.wentBack(failed, step, divergence.getMessage(), rateFactor);
    }

    private void refresh() {
        if (!phases.refreshAlways()) {
            teacher.parameters().assign(moved.average().values());
        }
    }

    private static void require(boolean healthy, String otherwise) {
        if (!healthy) {
            throw new Divergence(otherwise);
        }
    }

    private TransportedPool emptyPool() {
        return new TransportedPool(stepsBetweenBlocks, blockSize);
    }

    private Observations repeated(Observations items) {
        return new Observations(
                repeatedY.repeated(items.y(), settings.recorruptions()),
                items.conditioning().map(known -> repeatedConditioning.repeated(known, settings.recorruptions())));
    }

    /** The numbers of a step cannot be used. */
    private static final class Divergence extends RuntimeException {
        private static final long serialVersionUID = 1;

        Divergence(String message) {
            super(message);
        }
    }
}
