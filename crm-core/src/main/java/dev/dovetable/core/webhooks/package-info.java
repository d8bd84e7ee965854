/** What WhatsApp sends, taken in. */
@NullMarked
package dev.dovetable.core.webhooks;

import org.jspecify.annotations.NullMarked;
