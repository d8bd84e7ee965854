/**
 * The database of the CRM: its SQL files and their installer.
 *
 * <p>{@link dev.dovetable.schema.CrmSchema} is the entry point; it needs nothing but a JDBC driver
 * for PostgreSQL.
 */
@NullMarked
package dev.dovetable.schema;

import org.jspecify.annotations.NullMarked;
