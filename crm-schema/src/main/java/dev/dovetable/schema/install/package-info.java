/**
 * The schema: {@link dev.dovetable.schema.install.CrmSchema} installs, upgrades, validates and
 * exports it.
 */
@NullMarked
package dev.dovetable.schema.install;

import org.jspecify.annotations.NullMarked;
