package dev.palimpsest.plugins.unet;

import java.util.Optional;

/** The layers of a U-Net for one batch size, and where its inputs and its output are. */
record UNetPlan(Plan plan, Tensor time, Tensor input, Optional<Tensor> vector, Tensor output) {}
