package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.data.Npy;
import dev.palimpsest.runtime.data.RandomStreams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The files that a run leaves, written by hand. */
public record WrittenRun(Path folder) {
    private static final int LINES = 60;

    /** A finished run on these items; y is clean plus noise, restored is clean plus less noise. */
    public static WrittenRun finished(Path folder, long... shape) {
        WrittenRun run = begun(folder);
        RandomGenerator rng = new RandomStreams(7).stream("items", 0);
        INDArray clean = random(rng, .5, shape);
        INDArray y = clean.add(random(rng, .5, shape));
        Path arrays = folder.resolve("held-out");
        Npy.write(arrays.resolve("clean.npy"), clean);
        Npy.write(arrays.resolve("y.npy"), y);
        Npy.write(arrays.resolve("restored.npy"), clean.add(random(rng, .1, shape)));
        Npy.write(arrays.resolve("recorrupted.npy"), clean.add(random(rng, .5, shape)));
        return run.write("summary.json", """
                {
                  "name": "written", "seed": 7, "parameters": 1234, "steps": 600, "itemsSeen": 6000, "evaluationsPerItem": 3.5,
                  "seconds": {"train": 12.5, "restore": 1.5, "total": 15.25},
                  "restoringCalls": 16,
                  "scores": {
                    "psnr": {"value": 20.5, "better": "higher", "identity": 9.25},
                    "ssim": {"value": 0.00005, "better": "higher", "identity": 0.1},
                    "deviation": {"value": 1200000, "better": "equal", "identity": 3, "floor": 1.5},
                    "observation-energy": {"value": -0.001, "better": "lower", "identity": 0.43, "floor": 0.002, "pValue": 0.4}
                  },
                  "curve": [%s, %s],
                  "warnings": ["what is restored is a little too smooth"]
                }
                """.formatted(Json.line(checkpoint(300)), Json.line(checkpoint(600))));
    }

    /** A run that is under way, with 60 lines of steps and two checkpoints. */
    public static WrittenRun begun(Path folder) {
        WrittenRun run = new WrittenRun(folder);
        run.write(
                "recipe.yaml",
                "name: written\nseed: 7\ndata: {type: npy, holdOut: 40}\nforward: {type: gaussian-noise, sigma: 0.5}\n"
                        + "train: {steps: 600, checkpointEvery: 300}\nevaluate:\n  metrics: [{type: psnr}, {type: observation-energy}]\n");
        run.write("environment.json", Json.pretty(Map.of("java", "17", "binaries", "a-1.0.jar b-2.0.jar")));
        run.write(
                "plugins.lock",
                "ab".repeat(32) + "  noise-0.1.0.jar  palimpsest-noise 0.1.0\n" + "cd".repeat(32)
                        + "  blur.jar  blur 2.0\n" + "01".repeat(32) + "  masks, known.jar  masks, known 1.0\n");
        run.write(
                Question.FILE,
                Json.pretty(new Question(
                        "gaussian-noise",
                        "Adds Gaussian noise: y = x + sigma xi.",
                        Map.of("sigma", "Standard deviation of the noise."),
                        List.of(1L, 16L, 16L),
                        400,
                        40,
                        true,
                        256,
                        0,
                        true,
                        0,
                        1,
                        .5)));
        StringBuilder metrics = new StringBuilder();
        for (int line = 1; line <= LINES; line++) {
            metrics.append(Json.line(step(10 * line, 1. / line)));
            if (line % 30 == 0) {
                metrics.append(Json.line(checkpoint(10 * line)));
            }
        }
        return run.write("metrics.jsonl", metrics.toString());
    }

    static Map<String, Object> step(int step, double loss) {
        return Map.of(
                "step",
                step,
                "loss",
                loss,
                "gradientNorm",
                .5,
                "learningRate",
                1e-3,
                "itemsPerSecond",
                250.,
                "seconds",
                step / 50.);
    }

    private static Map<String, Object> checkpoint(int step) {
        return Map.of(
                "step", step,
                "seconds", step / 50.,
                "networkCalls", 7. * step,
                "loss", .1,
                "observationEnergy", 1. / step,
                "noise", .002,
                "pValue", step / 1000.,
                "truth", 10. / step,
                "psnr", step / 30.);
    }

    /** Writes a file of the run. */
    public WrittenRun write(String name, String text) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(name), text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static INDArray random(RandomGenerator rng, double deviation, long... shape) {
        INDArray values = Nd4j.create(shape);
        for (long i = 0; i < values.length(); i++) {
            values.putScalar(i, deviation * rng.nextGaussian());
        }
        return values;
    }
}
