/** An agent's messages: {@code {prefix}_messages} in the specification. */
@NullMarked
package dev.dovetable.core.messages;

import org.jspecify.annotations.NullMarked;
