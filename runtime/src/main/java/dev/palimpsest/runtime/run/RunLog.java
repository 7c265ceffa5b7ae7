package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.evaluate.Residual;
import dev.palimpsest.runtime.train.TrainingListener;
import dev.palimpsest.runtime.train.TrainingSettings;
import dev.palimpsest.runtime.transport.TransportException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Keeps what happens in training: in metrics.jsonl a line for every few steps and for every checkpoint, in memory the curves and the warnings. */
final class RunLog implements TrainingListener {
    private static final int LINES = 500;
    private static final double NOTHING_LEFT = 0.1;

    /** The mean loss of the steps since the last line. */
    record LossPoint(int step, double loss, double learningRate) {}

    /** Keeps the weights of a checkpoint, and tells how far what they restore is from held-out observations, if there are enough of those. */
    interface Judge {
        Optional<Residual> reached(int step, INDArray weights);

        /** Keeps the weights of a training that ends before its time. */
        default void save(INDArray weights) {}
    }

    private final Progress progress;
    private final List<LossPoint> losses = new ArrayList<>();
    private final List<Checkpoint> checkpoints = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<Consumer<Map<String, Object>>> followers = new ArrayList<>();
    private BufferedWriter metrics;
    private Judge judge;
    private int stopAfter;
    private double lossSinceCheckpoint;
    private int stepsSinceCheckpoint;
    private int stepsBetweenLines = 1;
    private int batch;
    private int lastStep;
    private boolean saved;
    private double lossSum;
    private int lossCount;
    private Stopwatch sinceLine = Stopwatch.started();
    private OptionalDouble firstStep = OptionalDouble.empty();
    private Stopwatch sinceBegin = Stopwatch.started();
    private double judgeSeconds;
    private double trainSeconds;

    RunLog(Progress progress) {
        this.progress = progress;
    }

    /** From now on tells each line of metrics.jsonl also to another. */
    void follow(Consumer<Map<String, Object>> follower) {
        followers.add(follower);
    }

    void begin(BufferedWriter target, Judge checkpointJudge, TrainingSettings settings) {
        metrics = target;
        judge = checkpointJudge;
        stopAfter = settings.stopAfter();
        stepsBetweenLines = Math.max(1, settings.steps() / LINES);
        batch = settings.batch();
        sinceLine = Stopwatch.started();
        sinceBegin = Stopwatch.started();
        progress.training(settings.steps(), settings.batch());
    }

    @Override
    public void stepped(int step, double loss, double gradientNorm, double learningRate) {
        if (firstStep.isEmpty()) {
            firstStep = OptionalDouble.of(Stopwatch.ofTheProgram().seconds());
        }
        lastStep = step;
        lossSum += loss;
        lossCount++;
        lossSinceCheckpoint += loss;
        stepsSinceCheckpoint++;
        if (step % stepsBetweenLines == 0) {
            double mean = lossSum / lossCount;
            losses.add(new LossPoint(step, mean, learningRate));
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("step", step);
            line.put("loss", mean);
            line.put("gradientNorm", gradientNorm);
            line.put("learningRate", learningRate);
            line.put("itemsPerSecond", lossCount * batch / sinceLine.seconds());
            line.put("seconds", sinceBegin.seconds() - judgeSeconds);
            write(line);
            lossSum = 0;
            lossCount = 0;
            sinceLine = Stopwatch.started();
        }
        progress.stepped(step, loss, gradientNorm, learningRate);
    }

    @Override
    public void checkpoint(int step, double networkCalls, INDArray weights) {
        double seconds = sinceBegin.seconds() - judgeSeconds;
        double loss = lossSinceCheckpoint / stepsSinceCheckpoint;
        lossSinceCheckpoint = 0;
        stepsSinceCheckpoint = 0;
        Stopwatch judging = Stopwatch.started();
        Optional<Residual> reached = Optional.empty();
        try {
            reached = judge.reached(step, weights);
        } catch (TransportException gaveUp) {
            warn("checkpoint " + step + " is no choice: " + gaveUp.getMessage());
        }
        reached.ifPresent(residual -> record(new Checkpoint(step, seconds, networkCalls, loss, residual)));
        judgeSeconds += judging.seconds();
    }

    private void record(Checkpoint checkpoint) {
        checkpoints.add(checkpoint);
        int step = checkpoint.step();
        write(checkpoint.json());
        if (nothingLeft()) {
            progress.stage("stopped early at step " + step + ": " + stopAfter
                    + " checkpoints in a row left nothing that held-out observations could tell");
        }
    }

    @Override
    public void wentBack(int from, int to, String reason, double learningRateFactor) {
        lastStep = to;
        checkpoints.removeIf(checkpoint -> checkpoint.step() > to);
        losses.removeIf(point -> point.step() > to);
        lossSum = 0;
        lossCount = 0;
        lossSinceCheckpoint = 0;
        stepsSinceCheckpoint = 0;
        warn("step " + from + ": " + reason + "; went back to step " + to + " with " + learningRateFactor
                + " of the learning rate; a smaller train.learningRate may avoid this");
    }

    @Override
    public void failed(INDArray weights) {
        if (lastStep > 0) {
            judge.save(weights);
            saved = true;
        }
    }

    @Override
    public boolean stopped() {
        return progress.stopped() || nothingLeft();
    }

    private boolean nothingLeft() {
        return stopAfter > 0
                && checkpoints.size() >= stopAfter
                && checkpoints.subList(checkpoints.size() - stopAfter, checkpoints.size()).stream()
                        .allMatch(checkpoint -> checkpoint.residual().pValue() > NOTHING_LEFT);
    }

    void end() {
        trainSeconds = sinceBegin.seconds() - judgeSeconds;
        progress.trained();
    }

    void warn(String message) {
        warnings.add(message);
        progress.warning(message);
    }

    int lastStep() {
        return lastStep;
    }

    /** Whether the weights of a training that failed have been kept. */
    boolean saved() {
        return saved;
    }

    List<LossPoint> losses() {
        return losses;
    }

    List<Checkpoint> checkpoints() {
        return List.copyOf(checkpoints);
    }

    List<String> warnings() {
        return warnings;
    }

    /** Seconds from the start of the program to the end of the first training step, if there was one. */
    OptionalDouble firstStep() {
        return firstStep;
    }

    /** How long training took, without the judging of checkpoints. */
    double trainSeconds() {
        return trainSeconds;
    }

    /** How long the judging of checkpoints took. */
    double judgeSeconds() {
        return judgeSeconds;
    }

    private void write(Map<String, Object> line) {
        followers.forEach(follower -> follower.accept(line));
        try {
            metrics.write(Json.line(line));
            metrics.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write metrics.jsonl: " + e, e);
        }
    }
}
