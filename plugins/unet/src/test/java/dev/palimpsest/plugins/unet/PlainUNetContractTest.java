package dev.palimpsest.plugins.unet;

import dev.palimpsest.testkit.contract.WithoutFusedKernels;

class PlainUNetContractTest extends UNetContractTest implements WithoutFusedKernels {}
