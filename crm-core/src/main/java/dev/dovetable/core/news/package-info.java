/** What WhatsApp's webhooks tell besides messages and statuses. */
@NullMarked
package dev.dovetable.core.news;

import org.jspecify.annotations.NullMarked;
