/** Installs or looks at the schema before anything else uses the database. */
@NullMarked
package dev.dovetable.spring.schema;

import org.jspecify.annotations.NullMarked;
