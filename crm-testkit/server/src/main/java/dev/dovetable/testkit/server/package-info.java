/** A real PostgreSQL for tests: one server per JVM, a fresh database per test class. */
@NullMarked
package dev.dovetable.testkit.server;

import org.jspecify.annotations.NullMarked;
