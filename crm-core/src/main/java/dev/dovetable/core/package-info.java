/**
 * The CRM's data: users, agents and WhatsApp configurations, and each agent's own customers,
 * messages and orders.
 *
 * <p>{@link dev.dovetable.core.Crm} is the entry point. Every statement runs as somebody, an {@link
 * dev.dovetable.core.Actor}, under row level security.
 */
@NullMarked
package dev.dovetable.core;

import org.jspecify.annotations.NullMarked;
