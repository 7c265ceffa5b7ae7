/** What a corruption does to the data, and what can become of it, before anything is trained. */
package dev.palimpsest.runtime.diagnose;
