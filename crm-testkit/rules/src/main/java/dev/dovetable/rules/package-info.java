/** Not published: rules that the modules' own tests check. */
@NullMarked
package dev.dovetable.rules;

import org.jspecify.annotations.NullMarked;
