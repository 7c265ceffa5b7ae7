package dev.palimpsest.plugins.schedules;

import dev.palimpsest.api.Doc;

/** I_t = (1 - t) x0 + t x1. */
@Doc("The straight line (1 - t) x0 + t x1.")
public record Linear() implements StraightLine {}
