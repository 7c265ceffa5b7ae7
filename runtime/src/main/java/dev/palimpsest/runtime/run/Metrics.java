package dev.palimpsest.runtime.run;

import dev.palimpsest.api.FeatureMap;
import dev.palimpsest.runtime.evaluate.EvaluationSettings;
import dev.palimpsest.runtime.plugin.Checked;
import dev.palimpsest.runtime.plugin.Extensions;
import dev.palimpsest.runtime.plugin.PluginException;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A recipe's metrics, assembled once: what their feature maps return is checked from here on. */
final class Metrics {
    private static final int TRIED = 2;

    private Metrics() {}

    /**
     * Tries each feature map on two observations, so that one that cannot take them fails before anything is trained.
     *
     * @throws PluginException if one fails
     */
    static EvaluationSettings of(Pipeline pipeline, Extensions extensions) {
        int[] rows = pipeline.split().training();
        INDArray y = pipeline.observations()
                .rows(Arrays.copyOf(rows, Math.min(TRIED, rows.length)))
                .y();
        return pipeline.recipe().evaluate().withFeatures(map -> {
            FeatureMap checked = Checked.features(
                    map, extensions.whose(FeatureMap.class, map).orElseThrow());
            try {
                checked.of(y);
            } catch (PluginException e) {
                throw e.at("evaluate.metrics, tried on observations of the recipe");
            }
            return checked;
        });
    }
}
