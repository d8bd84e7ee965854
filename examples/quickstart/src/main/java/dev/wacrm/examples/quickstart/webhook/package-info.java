/** Reads webhook deliveries of the WhatsApp Cloud API. */
@NullMarked
package dev.wacrm.examples.quickstart.webhook;

import org.jspecify.annotations.NullMarked;
