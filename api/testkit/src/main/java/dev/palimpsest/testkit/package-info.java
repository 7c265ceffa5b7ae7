/**
 * Oracles of the method (self-consistent stochastic interpolants, arXiv 2512.10857): its closed forms and exact drifts, in double precision, with
 * none of the code under test. Round k is the number of refits of the drift; in round 0 the transport map Phi is the identity. s, sigma and noise are
 * standard deviations.
 */
package dev.palimpsest.testkit;
