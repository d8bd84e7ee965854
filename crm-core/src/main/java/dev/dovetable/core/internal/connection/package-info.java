/** No API: how a statement runs as an actor, in one round trip. */
@NullMarked
package dev.dovetable.core.internal.connection;

import org.jspecify.annotations.NullMarked;
