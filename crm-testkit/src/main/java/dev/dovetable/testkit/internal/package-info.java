/** No API: data, SQL and fingerprints that the kit itself uses. */
@NullMarked
package dev.dovetable.testkit.internal;

import org.jspecify.annotations.NullMarked;
