/** No API: connections, transactions, and what the server's errors mean. */
@NullMarked
package dev.dovetable.schema.internal.jdbc;

import org.jspecify.annotations.NullMarked;
