package dev.palimpsest.runtime.plugin;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.FeatureMap;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.InterpolantSchedule;
import dev.palimpsest.api.OdeSolver;

/**
 * What plugins return is checked where it enters: each of these stands before an object of a plugin, runs its code with the plugin's context class
 * loader, and throws {@link PluginException}, naming the extension and the plugin, if the code throws or breaks the contract of its interface.
 */
public final class Checked {
    private Checked() {}

    /** Requires y, finite and in the shape of x, conditioning of one shape at every call, and x left as it was. */
    public static ForwardModel forward(ForwardModel model, Extension<?> extension) {
        return new CheckedForwardModel(model, Guard.of(extension));
    }

    /** Requires a state in the shape of x, finite if completed, and x left as it was; what the velocity field throws passes through. */
    public static OdeSolver solver(OdeSolver solver, Extension<?> extension) {
        return new CheckedOdeSolver(solver, Guard.of(extension));
    }

    /** Requires the values of a schedule at t = 0 and t = 1, within 1e-9, and finite values at every time asked for. */
    public static InterpolantSchedule schedule(InterpolantSchedule schedule, Extension<?> extension) {
        return new CheckedSchedule(schedule, Guard.of(extension));
    }

    /** Requires networks whose parameters are one vector, whose velocity has the shape of x, and whose gradient that of the parameters. */
    public static DriftArchitecture drift(DriftArchitecture architecture, Extension<?> extension) {
        return new CheckedDriftArchitecture(architecture, Guard.of(extension));
    }

    /** Requires features that are finite, a row an item, and x left as it was. */
    public static FeatureMap features(FeatureMap map, Extension<?> extension) {
        return new CheckedFeatureMap(map, Guard.of(extension));
    }
}
