package dev.palimpsest.plugins.externalprocess;

import dev.palimpsest.api.Doc;
import dev.palimpsest.api.ForwardModel;
import dev.palimpsest.api.Observations;
import dev.palimpsest.api.Range;
import dev.palimpsest.api.Ranges;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * y = F(x), where F is a program in any language, which reads frames of items on its standard input and writes their observations on its standard output
 * (docs/external-process.md).
 *
 * <p>Items are of any shape [N, ...]. They are cut into frames of at most {@code batch} items, each with a seed of its own from the generator, so that the result
 * does not depend on the number of processes. Equal records share their processes, which end with the first failure, when no prepared model needs them any
 * more, and at the latest with the JVM.
 *
 * @param command the program and its arguments; a path that is relative is taken from the working directory
 * @param startTimeout seconds for the hello
 * @param timeout seconds for each answer
 * @param processes how many of them work side by side
 * @param batch the most items in a frame
 * @param log the file that their standard error is appended to
 */
@Doc("Calls a program in any language, which reads and writes arrays (docs/external-process.md).")
public record ExternalProcess(
        @Doc(
                "The program and its arguments, a list such as [python3, mask.py]; no shell is involved, and relative paths are taken from the working directory.")
        List<String> command,

        @Doc("Seconds that the program has to start, until its hello.") @Range(above = 0, max = 86_400)
        double startTimeout,

        @Doc("Seconds that the program has for each answer.") @Range(above = 0, max = 86_400)
        double timeout,

        @Doc("How many processes of it work side by side; the results do not depend on it.") @Range(min = 1, max = 256)
        int processes,

        @Doc("The most items that it is given at once; each such frame has its own seed, so the results depend on it.")
        @Range(min = 1)
        int batch,

        @Doc("A file to which its standard error is appended; its last lines are quoted in every error anyway.")
        Optional<String> log)
        implements ForwardModel {
    public ExternalProcess() {
        this(List.of(), 60, 60, 1, 64, Optional.empty());
    }

    public ExternalProcess {
        command = List.copyOf(command);
        Ranges.check(ExternalProcess.class, command, startTimeout, timeout, processes, batch, log);
        command.forEach(word -> requireNoNul("command", word));
        log.ifPresent(file -> requireNoNul("log", file));
    }

    private static void requireNoNul(String key, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(key + " must be without the character NUL, which ends a text for the"
                    + " operating system, got \"" + Printable.of(text) + "\"");
        }
    }

    /**
     * Starts the program and waits for its hello.
     *
     * @throws IllegalArgumentException if there is no command
     * @throws java.io.UncheckedIOException if the program cannot be started, or does not say hello in time
     */
    @Override
    public ForwardModel prepare(long[] itemShape) {
        if (command.isEmpty() || command.get(0).isBlank()) {
            throw new IllegalArgumentException(
                    "external-process needs a command, the program and its arguments, such as command: [python3, mask.py]");
        }
        return Pool.of(this);
    }

    /**
     * Prepares for this call; who has prepared before keeps the program running between calls.
     *
     * @throws IllegalArgumentException if there is no command, there are no items, or a frame of them has more than 2 GiB
     * @throws java.io.UncheckedIOException if the program cannot be started, fails, or gives no right answer in time
     */
    @Override
    public Observations apply(INDArray x, RandomGenerator rng) {
        return prepare(x.shape()).apply(x, rng);
    }
}
