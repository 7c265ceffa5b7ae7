/** What calls of a forward model tell before anything is trained: the channel that it is, what it destroys, and what a solver will make of it. */
package dev.palimpsest.runtime.probe;
