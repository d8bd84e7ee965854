/** An agent's customers: {@code {prefix}_customers} in the specification. */
@NullMarked
package dev.dovetable.core.customers;

import org.jspecify.annotations.NullMarked;
