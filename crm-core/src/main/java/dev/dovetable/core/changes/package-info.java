/** The feed of what was written: for screens that follow, and for work that must miss nothing. */
@NullMarked
package dev.dovetable.core.changes;

import org.jspecify.annotations.NullMarked;
