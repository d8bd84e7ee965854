/** What is measured: the library's work, and that of the alternatives. */
@NullMarked
package dev.dovetable.examples.benchmarks.work;

import org.jspecify.annotations.NullMarked;
