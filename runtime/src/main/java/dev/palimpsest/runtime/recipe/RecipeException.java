package dev.palimpsest.runtime.recipe;

import java.util.List;

/** A recipe that cannot be bound; its message is all that is wrong with it, one problem a line. */
public final class RecipeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final List<String> problems;

    public RecipeException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** Each problem as one line: where it is ({@code file:line:column}, or the key on the command line), and what is wrong. */
    public List<String> problems() {
        return problems;
    }
}
