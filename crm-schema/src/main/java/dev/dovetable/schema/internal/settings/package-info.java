/** No API: what settings have in common, and their bounds. */
@NullMarked
package dev.dovetable.schema.internal.settings;

import org.jspecify.annotations.NullMarked;
