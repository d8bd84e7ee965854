/** What goes over the wire between an application and its PostgreSQL, counted and looked at. */
@NullMarked
package dev.dovetable.testkit.server.wire;

import org.jspecify.annotations.NullMarked;
