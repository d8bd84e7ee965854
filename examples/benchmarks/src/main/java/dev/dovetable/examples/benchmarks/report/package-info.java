/** What was measured, and how it is told. */
@NullMarked
package dev.dovetable.examples.benchmarks.report;

import org.jspecify.annotations.NullMarked;
