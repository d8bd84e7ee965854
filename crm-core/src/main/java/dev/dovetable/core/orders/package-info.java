/**
 * An agent's orders and their items: {@code {prefix}_orders} and {@code {prefix}_orders_items} in
 * the specification.
 */
@NullMarked
package dev.dovetable.core.orders;

import org.jspecify.annotations.NullMarked;
