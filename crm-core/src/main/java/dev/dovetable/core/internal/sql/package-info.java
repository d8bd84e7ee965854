/**
 * No API: SQL with gaps, the names of tables, JSON, values and their bounds, and what the server's
 * errors mean.
 */
@NullMarked
package dev.dovetable.core.internal.sql;

import org.jspecify.annotations.NullMarked;
