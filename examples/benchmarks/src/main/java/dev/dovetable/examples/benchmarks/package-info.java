/** The library side by side with the alternatives, and how its costs grow. */
@NullMarked
package dev.dovetable.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
