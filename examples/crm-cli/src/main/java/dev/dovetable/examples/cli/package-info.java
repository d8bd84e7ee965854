/** The command line: installs, migrates and examines a CRM's database. */
@NullMarked
package dev.dovetable.examples.cli;

import org.jspecify.annotations.NullMarked;
