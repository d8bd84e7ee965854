/** Agents in several databases: where each of them is, and making them there. */
@NullMarked
package dev.dovetable.core.fleet;

import org.jspecify.annotations.NullMarked;
