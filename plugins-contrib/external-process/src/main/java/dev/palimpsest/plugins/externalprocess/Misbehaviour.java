package dev.palimpsest.plugins.externalprocess;

import java.io.IOException;

/** What a program did that it should not have, in words that follow on its name. */
final class Misbehaviour extends IOException {
    private static final long serialVersionUID = 1;

    Misbehaviour(String what) {
        super(what);
    }
}
