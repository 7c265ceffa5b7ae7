/**
 * What the interfaces of the API promise, as tests for whoever implements them: a test class implements a contract and its one supplier, and has the whole suite.
 *
 * <p>The default {@code void} methods of a contract are its checks. They need no test framework: JUnit finds them by their annotation, {@link Check#of} without it.
 */
package dev.palimpsest.testkit.contract;
