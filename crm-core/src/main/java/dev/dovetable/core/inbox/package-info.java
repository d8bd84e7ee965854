/** The state of conversations: whose they are, what is read, what is done. */
@NullMarked
package dev.dovetable.core.inbox;

import org.jspecify.annotations.NullMarked;
