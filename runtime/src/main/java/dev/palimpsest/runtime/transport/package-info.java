/** The transport map: a drift and a solver. */
package dev.palimpsest.runtime.transport;
