/** Algorithm 1: self-consistent training of a drift. */
package dev.palimpsest.runtime.train;
