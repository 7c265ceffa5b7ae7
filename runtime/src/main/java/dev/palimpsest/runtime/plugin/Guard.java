package dev.palimpsest.runtime.plugin;

import dev.palimpsest.runtime.data.DataException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.DoublePredicate;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Calls one plugin's code, and turns whatever is wrong with what it does or returns into a {@link PluginException} that names it. */
final class Guard {
    private final String label;
    private final ClassLoader loader;

    private Guard(String label, ClassLoader loader) {
        this.label = label;
        this.loader = loader;
    }

    static Guard of(Extension<?> extension) {
        return new Guard(
                Names.inWords(extension.kind()) + " \"" + extension.name() + "\" (plugin " + extension.plugin() + ")",
                extension.type().getClassLoader());
    }

    PluginException fault(String what) {
        return new PluginException(label + ": " + what);
    }

    /** Runs the plugin's code; what it throws is its fault, except what another guard has thrown already, and lack of memory. */
    <R> R call(Supplier<R> code) {
        R result;
        try {
            result = Context.of(loader, code);
        } catch (PluginException | OutOfMemoryError known) {
            throw known;
        } catch (StackOverflowError recursion) {
            throw new PluginException(label + ": called itself without end (java.lang.StackOverflowError)", recursion);
        } catch (LinkageError unlinked) {
            throw new PluginException(label + ": " + Causes.of(unlinked), unlinked);
        } catch (IllegalArgumentException | UncheckedIOException told) {
            throw new PluginException(label + ": " + Causes.sentence(told), told);
        } catch (Throwable thrown) {
            throw new PluginException(label + ": threw " + Causes.describe(thrown), thrown);
        }
        if (result == null) {
            throw fault("returned null");
        }
        return result;
    }

    /** As {@link #call}, for code that looks at what comes from the user's files: what it refuses of that is no fault of its own. */
    <R> R callOnData(Supplier<R> code) {
        try {
            return call(code);
        } catch (PluginException e) {
            if (e.getCause() instanceof IllegalArgumentException) {
                throw new DataException(e.getMessage(), e);
            }
            throw e;
        }
    }

    void run(Runnable code) {
        call(() -> {
            code.run();
            return true;
        });
    }

    /** As {@link #call}, and x must be what it was before. */
    <R> R callWith(INDArray x, Supplier<R> code) {
        INDArray before = x.dup();
        R result = call(code);
        double change = before.subi(x).norm1Number().doubleValue();
        before.close();
        if (change != 0) {
            throw fault("modified its input: work on a copy, x.dup()");
        }
        return result;
    }

    /** The array as float32, after a check of its shape. */
    INDArray array(String what, INDArray array, long... shape) {
        INDArray floats = floats(what, array);
        if (!Arrays.equals(floats.shape(), shape)) {
            throw fault("expected " + what + " of shape " + Arrays.toString(shape) + ", got "
                    + Arrays.toString(floats.shape()));
        }
        return floats;
    }

    INDArray floats(String what, INDArray array) {
        if (array == null) {
            throw fault("returned null as " + what);
        }
        if (!array.dataType().isFPType()) {
            throw fault("expected " + what + " of type FLOAT, got " + array.dataType()
                    + ": convert it with castTo(DataType.FLOAT)");
        }
        return array.dataType() == DataType.FLOAT ? array : array.castTo(DataType.FLOAT);
    }

    void requireOwn(INDArray array, INDArray input) {
        if (array == input || array.data().sameUnderlyingData(input.data())) {
            throw fault("returned its input: return a new array, such as x.dup()");
        }
    }

    /** The sum of magnitudes is finite if and only if all are, unless it overflows: only then are they looked at one by one. */
    void requireFinite(String what, INDArray array) {
        if (!finite(array)) {
            requireEach(Double::isFinite, what, array);
        }
    }

    /** Each value is as it should be; {@code what} stands behind the first that is not. */
    void requireEach(DoublePredicate right, String what, INDArray array) {
        float[] values = array.dup('c').data().asFloat();
        int item = Math.toIntExact(values.length / array.size(0));
        for (int i = 0; i < values.length; i++) {
            if (!right.test(values[i])) {
                throw fault("returned " + values[i] + what + " at item " + i / item + ", index " + i % item);
            }
        }
    }

    static boolean finite(INDArray array) {
        return Double.isFinite(array.norm1Number().doubleValue());
    }

    double requireFinite(String what, double value) {
        if (!Double.isFinite(value)) {
            throw fault(what + " is " + value);
        }
        return value;
    }
}
