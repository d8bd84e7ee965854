/** No API: agents that are made to be looked at. */
@NullMarked
package dev.dovetable.schema.internal.agents;

import org.jspecify.annotations.NullMarked;
