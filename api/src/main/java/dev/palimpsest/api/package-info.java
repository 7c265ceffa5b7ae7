/** What a plugin implements: forward models, interpolant schedules, ODE solvers, drift networks and feature maps. Time runs from 0 (clean) to 1 (observed). */
package dev.palimpsest.api;
