package dev.palimpsest.plugins.mlp;

import dev.palimpsest.testkit.contract.WithoutFusedKernels;

class PlainMlpTest extends MlpTest implements WithoutFusedKernels {}
