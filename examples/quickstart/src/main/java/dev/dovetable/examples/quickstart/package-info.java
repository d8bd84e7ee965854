/** Takes callbacks for two agents into their tables and shows what arrived. */
@NullMarked
package dev.dovetable.examples.quickstart;

import org.jspecify.annotations.NullMarked;
