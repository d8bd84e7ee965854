/** No API: the SQL files of the class path. */
@NullMarked
package dev.dovetable.schema.internal.files;

import org.jspecify.annotations.NullMarked;
