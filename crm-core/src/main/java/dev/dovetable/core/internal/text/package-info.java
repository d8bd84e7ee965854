/** No API: text that can be handed out and taken back. */
@NullMarked
package dev.dovetable.core.internal.text;

import org.jspecify.annotations.NullMarked;
