package dev.palimpsest.api;

import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Whether a plugin may compute in the memory behind ND4J's arrays, with loops and BLAS calls of its own. Where it may not, it uses ND4J's
 * operations only, with the same results within the rounding of float32.
 */
public final class FusedKernels {
    /** The system property that, set to {@code false}, forbids them: {@value}. */
    public static final String PROPERTY = "palimpsest.fused";

    private FusedKernels() {}

    /** True where ND4J's backend is a CPU, whose arrays are in host memory, and the property {@value #PROPERTY} is not {@code false}. */
    public static boolean allowed() {
        return Nd4j.getExecutioner().type() == ExecutionerType.NATIVE_CPU
                && !"false".equals(System.getProperty(PROPERTY));
    }
}
