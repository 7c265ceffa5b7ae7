package dev.palimpsest.runtime.run;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.palimpsest.runtime.evaluate.Residual;
import dev.palimpsest.runtime.train.TrainingListener;
import dev.palimpsest.runtime.train.TrainingSettings;
import dev.palimpsest.runtime.train.TrainingState;
import dev.palimpsest.runtime.transport.TransportException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Keeps what happens in training: in metrics.jsonl a line for every few steps and for every checkpoint, in memory the checkpoints and the warnings. */
final class RunLog implements TrainingListener {
    private static final int LINES = 500;
    private static final double NOTHING_LEFT = 0.1;
    static final String WENT_BACK_TO = "wentBackTo";

    /**
     * What it needs to go on after a step, beside the lines that it has written.
     *
     * @param length of metrics.jsonl
     */
    record Memory(
            long length,
            int lastStep,
            double lossSum,
            int lossCount,
            double lossSinceCheckpoint,
            int stepsSinceCheckpoint,
            double trainSeconds,
            double judgeSeconds,
            double secondsAtLine,
            List<String> warnings) {}

    /** Keeps the weights of a checkpoint, and tells how far what they restore is from held-out observations, if there are enough of those. */
    interface Judge {
        Optional<Residual> reached(int step, INDArray weights);

        /** Keeps the weights of a training that ends before its time. */
        default void save(INDArray weights) {}

        /** Keeps the state of a training, from which it can go on. */
        default void save(TrainingState state, Memory log) {}
    }

    private final Progress progress;
    private final List<Checkpoint> checkpoints = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<Consumer<Map<String, Object>>> followers = new ArrayList<>();
    private LineFile metrics;
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
    private double secondsAtLine;
    private OptionalDouble firstStep = OptionalDouble.empty();
    private Stopwatch sinceBegin = Stopwatch.started();
    private Stopwatch sinceSave = Stopwatch.started();
    private int savedStep;
    private double saveEvery;
    private double secondsBefore;
    private double judgeSeconds;
    private double trainSeconds;

    RunLog(Progress progress) {
        this.progress = progress;
    }

    /** From now on tells each line of metrics.jsonl also to another. */
    void follow(Consumer<Map<String, Object>> follower) {
        followers.add(follower);
    }

    /**
     * Goes on after what was remembered.
     *
     * @param lines the lines that were written until then
     */
    void resume(Memory memory, List<String> lines) {
        lastStep = memory.lastStep();
        lossSum = memory.lossSum();
        lossCount = memory.lossCount();
        lossSinceCheckpoint = memory.lossSinceCheckpoint();
        stepsSinceCheckpoint = memory.stepsSinceCheckpoint();
        secondsBefore = memory.trainSeconds() + memory.judgeSeconds();
        judgeSeconds = memory.judgeSeconds();
        trainSeconds = memory.trainSeconds();
        secondsAtLine = memory.secondsAtLine();
        warnings.addAll(memory.warnings());
        lines.stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .forEach(this::replay);
    }

    private void replay(JsonObject line) {
        if (line.has(WENT_BACK_TO)) {
            forgetAfter(line.get(WENT_BACK_TO).getAsInt());
        } else if (line.has("observationEnergy")) {
            checkpoints.add(Checkpoint.of(line));
        }
    }

    private void forgetAfter(int step) {
        checkpoints.removeIf(checkpoint -> checkpoint.step() > step);
    }

    void begin(LineFile target, Judge checkpointJudge, TrainingSettings settings) {
        metrics = target;
        judge = checkpointJudge;
        stopAfter = settings.stopAfter();
        stepsBetweenLines = Math.max(1, settings.steps() / LINES);
        batch = settings.batch();
        saveEvery = settings.saveEvery();
        sinceBegin = Stopwatch.started();
        sinceSave = Stopwatch.started();
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
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("step", step);
            line.put("loss", mean);
            line.put("gradientNorm", gradientNorm);
            line.put("learningRate", learningRate);
            double seconds = secondsOfTraining();
            line.put("itemsPerSecond", lossCount * batch / (seconds - secondsAtLine));
            line.put("seconds", seconds);
            write(line);
            lossSum = 0;
            lossCount = 0;
            secondsAtLine = seconds;
        }
        progress.stepped(step, loss, gradientNorm, learningRate);
    }

    @Override
    public void checkpoint(int step, double networkCalls, INDArray weights) {
        double seconds = secondsOfTraining();
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
        forgetAfter(to);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", from);
        line.put(WENT_BACK_TO, to);
        line.put("reason", reason);
        line.put("learningRateFactor", learningRateFactor);
        write(line);
        lossSum = 0;
        lossCount = 0;
        secondsAtLine = secondsOfTraining();
        lossSinceCheckpoint = 0;
        stepsSinceCheckpoint = 0;
        warn("step " + from + ": " + reason + "; went back to step " + to + " with " + learningRateFactor
                + " of the learning rate; a smaller train.learningRate may avoid this");
    }

    @Override
    public void resumable(int step, boolean last, Supplier<TrainingState> state) {
        if (last ? savedStep != step : sinceSave.seconds() >= saveEvery) {
            try (TrainingState live = state.get()) {
                judge.save(live, memory());
            }
            savedStep = step;
            sinceSave = Stopwatch.started();
        }
    }

    private Memory memory() {
        return new Memory(
                metrics.force(),
                lastStep,
                lossSum,
                lossCount,
                lossSinceCheckpoint,
                stepsSinceCheckpoint,
                secondsOfTraining(),
                judgeSeconds,
                secondsAtLine,
                warnings);
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
        trainSeconds = secondsOfTraining();
        progress.trained();
    }

    private double secondsOfTraining() {
        return secondsBefore + sinceBegin.seconds() - judgeSeconds;
    }

    /** A warning that was given before is not repeated. */
    void warn(String message) {
        if (warnings.contains(message)) {
            return;
        }
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

    /** How long training, and the judging of checkpoints, took in the processes from whose state this one goes on. */
    double secondsBefore() {
        return secondsBefore;
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
        metrics.append(Json.line(line));
    }
}
