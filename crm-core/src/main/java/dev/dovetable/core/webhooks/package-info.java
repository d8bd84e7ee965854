/** What WhatsApp sends, and what became of each message. */
@NullMarked
package dev.dovetable.core.webhooks;

import org.jspecify.annotations.NullMarked;
