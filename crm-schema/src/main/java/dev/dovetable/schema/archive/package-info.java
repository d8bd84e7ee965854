/**
 * One agent as a unit: into an archive, out of it into the same or another database, or next to
 * itself.
 */
@NullMarked
package dev.dovetable.schema.archive;

import org.jspecify.annotations.NullMarked;
