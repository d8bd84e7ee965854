/** WhatsApp's side of messages: its ids, what became of each, and what is behind their texts. */
@NullMarked
package dev.dovetable.core.deliveries;

import org.jspecify.annotations.NullMarked;
