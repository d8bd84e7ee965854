/** Several databases with agents of their own: what is done to all of them, and their directory. */
@NullMarked
package dev.dovetable.schema.fleet;

import org.jspecify.annotations.NullMarked;
