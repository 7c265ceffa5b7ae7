package dev.palimpsest.runtime.cli;

import dev.palimpsest.runtime.run.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how a run goes: a bar for a person at a terminal, a plain line now and then elsewhere. */
final class ConsoleProgress implements Progress, AutoCloseable {
    private static final long NANOS_BETWEEN_LINES = Duration.ofSeconds(10).toNanos();
    private static final double SMOOTHING = 0.98;

    private final Session session;
    private final List<Path> plugins;
    private Optional<ProgressBar> bar = Optional.empty();
    private int steps;
    private int batch;
    private long begun;
    private long lastLine;
    private double smoothLoss = Double.NaN;
    private volatile boolean stopped;
    private volatile boolean saves;
    private volatile Optional<Path> folder = Optional.empty();
    private int stepsBefore = -1;

    /** @param plugins the folders of plugin JARs that the command line names */
    ConsoleProgress(Session session, List<Path> plugins) {
        this.session = session;
        this.plugins = List.copyOf(plugins);
    }

    @Override
    public void folder(Path run) {
        folder = Optional.of(run);
    }

    @Override
    public void stage(String what) {
        session.err().println(what);
    }

    @Override
    public void training(int totalSteps, int itemsInStep) {
        saves = true;
        steps = totalSteps;
        batch = itemsInStep;
        begun = System.nanoTime();
        lastLine = begun;
        session.err().println("training: " + steps + " steps of " + batch + " items");
        if (session.terminal()) {
            bar = Optional.of(bar("training"));
        }
    }

    @Override
    public void stepped(int step, double loss, double gradientNorm, double learningRate) {
        if (stepsBefore < 0) {
            stepsBefore = step - 1;
        }
        int done = Math.max(1, step - stepsBefore);
        smoothLoss = Double.isNaN(smoothLoss) ? loss : SMOOTHING * smoothLoss + (1 - SMOOTHING) * loss;
        long now = System.nanoTime();
        double seconds = (now - begun) / 1e9;
        String rates =
                String.format(Locale.ROOT, "loss %.4f, %.0f items/s", smoothLoss, done * (double) batch / seconds);
        if (bar.isPresent()) {
            bar.get().stepTo(step);
            bar.get().setExtraMessage(rates);
        } else if (now - lastLine >= NANOS_BETWEEN_LINES || step == steps) {
            lastLine = now;
            long left = Math.round(seconds / done * (steps - step));
            session.err().println("step " + step + " of " + steps + ", " + rates + ", " + left + " s left");
        }
    }

    @Override
    public void restoring(int items) {
        saves = true;
        steps = items;
        begun = System.nanoTime();
        lastLine = begun;
        session.err().println("restoring " + items + " observations");
        bar = session.terminal() ? Optional.of(bar("restoring")) : Optional.empty();
    }

    @Override
    public void restoringPart(double share, double megapixels) {
        String part = String.format(Locale.ROOT, "%.0f %% of an image of %.1f megapixels", 100 * share, megapixels);
        long now = System.nanoTime();
        if (bar.isPresent()) {
            bar.get().setExtraMessage(part);
        } else if (now - lastLine >= NANOS_BETWEEN_LINES) {
            lastLine = now;
            session.err().println(part);
        }
    }

    @Override
    public void restored(int items) {
        long now = System.nanoTime();
        double seconds = (now - begun) / 1e9;
        String rate = String.format(Locale.ROOT, "%.1f images/s", items / seconds);
        if (bar.isPresent()) {
            bar.get().stepTo(items);
            bar.get().setExtraMessage(rate);
        } else if (now - lastLine >= NANOS_BETWEEN_LINES) {
            lastLine = now;
            long left = Math.round(seconds / items * (steps - items));
            session.err().println(items + " of " + steps + ", " + rate + ", " + left + " s left");
        }
    }

    @Override
    public void restoringEnded() {
        saves = false;
        close();
    }

    @Override
    public void trained() {
        saves = false;
        close();
    }

    @Override
    public void warning(String message) {
        session.err().println("warning: " + message);
    }

    private ProgressBar bar(String task) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(session.err()))
                .build();
    }

    /** Asks the run to stop; says whether it will first save what it has. If it has nothing to save, it can be ended at once. */
    boolean stop() {
        stopped = true;
        if (!saves) {
            tellHowToGoOn();
        }
        return saves;
    }

    void tellHowToGoOn() {
        tellHowToGoOn("interrupted; go on with");
    }

    @Override
    public void canGoOn() {
        tellHowToGoOn("once the cause is gone, go on with");
    }

    private void tellHowToGoOn(String when) {
        String again = plugins.stream().map(root -> " --plugins " + root).collect(Collectors.joining());
        folder.ifPresent(run -> session.err().println(when + ": palimpsest resume " + run + again));
    }

    @Override
    public boolean stopped() {
        return stopped;
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
        bar = Optional.empty();
    }
}
