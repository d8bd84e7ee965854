/** How the program ends: what an exception means as an exit status, and as one line for people. */
@NullMarked
package dev.dovetable.examples.cli.failures;

import org.jspecify.annotations.NullMarked;
