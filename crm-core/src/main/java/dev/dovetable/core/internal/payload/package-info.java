/**
 * Reads what WhatsApp's Cloud API sends to a webhook: signature, body, and what a person can read
 * of each message. Nothing here touches the database.
 *
 * <p>Internal: public for this module's packages alone, no part of the API, and free to change.
 */
@NullMarked
package dev.dovetable.core.internal.payload;

import org.jspecify.annotations.NullMarked;
