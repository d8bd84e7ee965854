/** Where the database is, the way into it, and what is asked of it about all agents at once. */
@NullMarked
package dev.dovetable.examples.cli.database;

import org.jspecify.annotations.NullMarked;
