package dev.palimpsest.plugins.unet;

import dev.palimpsest.testkit.contract.WithoutFusedKernels;

class PlainUNetTest extends UNetTest implements WithoutFusedKernels {}
