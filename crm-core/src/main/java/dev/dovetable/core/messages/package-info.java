/** An agent's messages and conversations: {@code {prefix}_messages} in the specification. */
@NullMarked
package dev.dovetable.core.messages;

import org.jspecify.annotations.NullMarked;
