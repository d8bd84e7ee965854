/** The people who sign in: {@code users} in the specification. */
@NullMarked
package dev.dovetable.core.users;

import org.jspecify.annotations.NullMarked;
