/** Has jOOQ generate classes for an agent's tables, those of extensions among them. */
@NullMarked
package dev.wacrm.testkit.codegen;

import org.jspecify.annotations.NullMarked;
