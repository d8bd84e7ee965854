/** Has jOOQ generate classes for an agent's tables, those of extensions among them. */
@NullMarked
package dev.dovetable.testkit.codegen;

import org.jspecify.annotations.NullMarked;
