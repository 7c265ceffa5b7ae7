package dev.palimpsest.runtime.run;

import com.google.gson.JsonObject;
import dev.palimpsest.runtime.evaluate.Residual;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What is known of the averaged weights after a step.
 *
 * @param seconds of training so far, without those in which checkpoints were judged
 * @param networkCalls evaluations of the drift for one item so far, transport included
 * @param loss the mean training loss since the checkpoint before; it falls through the truth toward collapse, and so chooses nothing
 */
record Checkpoint(int step, double seconds, double networkCalls, double loss, Residual residual) {
    /** What {@link #json} has said. */
    static Checkpoint of(JsonObject json) {
        return new Checkpoint(
                json.get("step").getAsInt(),
                json.get("seconds").getAsDouble(),
                json.get("networkCalls").getAsDouble(),
                json.get("loss").getAsDouble(),
                new Residual(
                        json.get("observationEnergy").getAsDouble(),
                        json.get("noise").getAsDouble(),
                        json.get("pValue").getAsDouble(),
                        optional(json, "truth"),
                        optional(json, "psnr")));
    }

    private static OptionalDouble optional(JsonObject json, String key) {
        return json.has(key) ? OptionalDouble.of(json.get(key).getAsDouble()) : OptionalDouble.empty();
    }

    /** Names and values, for JSON. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("step", step);
        json.put("seconds", seconds);
        json.put("networkCalls", networkCalls);
        json.put("loss", loss);
        json.put("observationEnergy", residual.energy());
        json.put("noise", residual.noise());
        json.put("pValue", residual.pValue());
        residual.truth().ifPresent(truth -> json.put("truth", truth));
        residual.psnr().ifPresent(psnr -> json.put("psnr", psnr));
        return json;
    }
}
