package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.report.EventFile;
import dev.palimpsest.runtime.report.Picture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells TensorBoard what metrics.jsonl tells, and shows it the pictures. A run whose folder has the folder {@code tensorboard} does so; each process that works on
 * the run begins a file of its own in it.
 */
final class TensorBoard implements AutoCloseable {
    static final String FOLDER = "tensorboard";

    /** The tags of what is told, by its name in metrics.jsonl. */
    private static final Map<String, String> TAGS = Map.of(
            "loss", "train/loss",
            "gradientNorm", "train/gradient_norm",
            "learningRate", "train/learning_rate",
            "itemsPerSecond", "train/items_per_second",
            "observationEnergy", "held_out/observation_energy",
            "noise", "held_out/observation_energy_noise",
            "pValue", "held_out/p_value",
            "psnr", "held_out/psnr",
            "truth", "held_out/distance_to_the_truth");

    private static final String CHECKPOINT = "observationEnergy";
    private static final String LOSS = "loss";

    private final Optional<EventFile> events;

    private TensorBoard(Optional<EventFile> events) {
        this.events = events;
    }

    /** Begins a file, if the run has the folder; else what is told goes nowhere. */
    static TensorBoard of(RunFolder folder) {
        Path files = folder.path().resolve(FOLDER);
        return new TensorBoard(Files.isDirectory(files) ? Optional.of(EventFile.next(files)) : Optional.empty());
    }

    /** A line of metrics.jsonl. The loss at a checkpoint is a mean over other steps than those between, and is left out. */
    void line(Map<String, Object> line) {
        Map<String, Double> values = new LinkedHashMap<>();
        line.forEach((name, value) -> {
            boolean meanSinceCheckpoint = name.equals(LOSS) && line.containsKey(CHECKPOINT);
            if (TAGS.containsKey(name) && !meanSinceCheckpoint) {
                values.put(TAGS.get(name), ((Number) value).doubleValue());
            }
        });
        if (!values.isEmpty()) {
            long step = ((Number) line.get("step")).longValue();
            events.ifPresent(file -> file.scalars(step, values));
        }
    }

    /** Pictures of what was restored after a step. */
    void pictures(long step, List<Picture> pictures) {
        events.ifPresent(file -> pictures.forEach(picture -> file.picture(step, "samples/" + picture.name(), picture)));
    }

    @Override
    public void close() {
        events.ifPresent(EventFile::close);
    }
}
