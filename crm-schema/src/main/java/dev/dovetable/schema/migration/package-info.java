/**
 * Tables and columns of an application's own for every agent: {@link
 * dev.dovetable.schema.migration.AgentExtension} says which, {@link
 * dev.dovetable.schema.migration.AgentMigrations} brings every agent to them.
 */
@NullMarked
package dev.dovetable.schema.migration;

import org.jspecify.annotations.NullMarked;
