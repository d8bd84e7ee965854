/**
 * The front door: {@link dev.dovetable.core.Crm}, the scope of one agent, and transactions. Nothing
 * else in the library depends on it.
 */
@NullMarked
package dev.dovetable.core;

import org.jspecify.annotations.NullMarked;
