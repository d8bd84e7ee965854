package dev.dovetable.testkit.server;

import javax.sql.DataSource;

/**
 * Fills a template database that test databases are cloned from.
 *
 * <p>It runs once per server, however many databases are made from it. One that is given by its
 * class needs a constructor without arguments, of any visibility; others are told apart by {@code
 * equals}.
 */
@FunctionalInterface
public interface DatabasePreparer {

  /**
   * Fills the template. Every connection taken is to be closed on return; those left open are
   * terminated.
   *
   * @param superuser connects to the template database as {@link PostgresServer#administrator()},
   *     in the flavors of Supabase as the project's owner, who is no superuser
   * @throws Exception if the template can't be filled; the database is dropped and the failure
   *     reported as an {@link PostgresServerException}
   */
  void prepare(DataSource superuser) throws Exception;
}
