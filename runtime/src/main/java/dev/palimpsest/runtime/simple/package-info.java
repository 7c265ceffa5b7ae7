/** Simple estimates of the clean items that need no learning, and stand beside what was learned. */
package dev.palimpsest.runtime.simple;
