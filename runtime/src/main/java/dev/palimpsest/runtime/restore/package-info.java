/** Restores files with a trained run, and leaves files like them. */
package dev.palimpsest.runtime.restore;
