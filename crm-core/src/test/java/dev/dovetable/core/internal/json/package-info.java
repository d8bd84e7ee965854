@NullMarked
package dev.dovetable.core.internal.json;

import org.jspecify.annotations.NullMarked;
