/** A real PostgreSQL for tests: one server per JVM, a fresh database per test class. */
@NullMarked
package dev.wacrm.testkit;

import org.jspecify.annotations.NullMarked;
