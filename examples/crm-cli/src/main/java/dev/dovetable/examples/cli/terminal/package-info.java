/** What the terminal shows: tables, progress, output. */
@NullMarked
package dev.dovetable.examples.cli.terminal;

import org.jspecify.annotations.NullMarked;
