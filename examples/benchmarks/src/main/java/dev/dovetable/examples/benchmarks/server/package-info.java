/** The server and the databases that are measured on. */
@NullMarked
package dev.dovetable.examples.benchmarks.server;

import org.jspecify.annotations.NullMarked;
