package dev.dovetable.testkit.server;

import org.postgresql.ds.PGSimpleDataSource;

/** One running server of some source: how it is reached, and how it ends. */
interface Backend {

  PostgresServer.Source source();

  /** The role that makes databases and roles. */
  String administrator();

  /** Sets everything but the time zone on a data source that is to reach a database of this one. */
  void address(PGSimpleDataSource dataSource, String database, String role);

  /**
   * Whether others use the server too: names must not collide with theirs, roles need passwords,
   * and what is left undone at the end stays there.
   */
  boolean isForeign();

  /** The shell command that ends the server, where it may outlive its handle. */
  default String stopCommand() {
    throw new IllegalStateException("only a kept server is stopped by hand");
  }

  /** Removes what JVMs that are dead by now left on this server. */
  default void removeLeftBehind(Admin admin) {}

  void close();
}
