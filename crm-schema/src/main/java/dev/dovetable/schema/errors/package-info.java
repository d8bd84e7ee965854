/**
 * What goes wrong: the root of all exceptions of the library, and those of installer, migrations
 * and doctor.
 */
@NullMarked
package dev.dovetable.schema.errors;

import org.jspecify.annotations.NullMarked;
