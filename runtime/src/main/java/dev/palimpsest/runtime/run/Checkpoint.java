package dev.palimpsest.runtime.run;

import dev.palimpsest.runtime.evaluate.Residual;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is known of the averaged weights after a step.
 *
 * @param seconds of training so far, without those in which checkpoints were judged
 * @param networkCalls evaluations of the drift for one item so far, transport included
 * @param loss the mean training loss since the checkpoint before; it falls through the truth toward collapse, and so chooses nothing
 */
record Checkpoint(int step, double seconds, double networkCalls, double loss, Residual residual) {
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
