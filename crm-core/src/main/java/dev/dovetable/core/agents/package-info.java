/** The agents, each with tables of its own: {@code agents} in the specification. */
@NullMarked
package dev.dovetable.core.agents;

import org.jspecify.annotations.NullMarked;
