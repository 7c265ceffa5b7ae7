package dev.palimpsest.plugins.mlp;

import dev.palimpsest.testkit.contract.WithoutFusedKernels;

class PlainMlpContractTest extends MlpContractTest implements WithoutFusedKernels {}
