/** No API: what knows no server, and what servers of all sources use. */
@NullMarked
package dev.dovetable.testkit.server.internal;

import org.jspecify.annotations.NullMarked;
