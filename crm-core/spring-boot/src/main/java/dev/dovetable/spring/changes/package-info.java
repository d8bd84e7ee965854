/** The change feed, as long as the application runs. */
@NullMarked
package dev.dovetable.spring.changes;

import org.jspecify.annotations.NullMarked;
