/** Tries on the extensions of a plugin what the API promises, without a build: {@link dev.palimpsest.runtime.verify.Verification}. */
package dev.palimpsest.runtime.verify;
