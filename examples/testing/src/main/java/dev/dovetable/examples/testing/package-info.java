/** A small application, here for its tests. */
@NullMarked
package dev.dovetable.examples.testing;

import org.jspecify.annotations.NullMarked;
