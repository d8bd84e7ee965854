/** A small application, here for its tests. */
@NullMarked
package dev.wacrm.examples.testing;

import org.jspecify.annotations.NullMarked;
