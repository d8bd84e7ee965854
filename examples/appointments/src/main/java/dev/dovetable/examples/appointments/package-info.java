/** A calendar for every agent: an extension, and typed queries of its table. */
@NullMarked
package dev.dovetable.examples.appointments;

import org.jspecify.annotations.NullMarked;
