/**
 * The database of the CRM: its SQL files and their installer.
 *
 * <p>{@link dev.wacrm.schema.CrmSchema} is the entry point; it needs nothing but a JDBC driver for
 * PostgreSQL.
 */
@NullMarked
package dev.wacrm.schema;

import org.jspecify.annotations.NullMarked;
