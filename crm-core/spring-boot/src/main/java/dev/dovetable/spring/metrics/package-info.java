/** What the library does, in Micrometer's terms. */
@NullMarked
package dev.dovetable.spring.metrics;

import org.jspecify.annotations.NullMarked;
