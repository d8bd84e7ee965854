/** The library side by side with the alternatives, and how its costs grow. */
@NullMarked
package dev.wacrm.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
