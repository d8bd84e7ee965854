/** What all areas share: who acts, pages and cursors, and what goes wrong. */
@NullMarked
package dev.dovetable.core.common;

import org.jspecify.annotations.NullMarked;
