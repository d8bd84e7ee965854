package dev.dovetable.schema.migration;

import dev.dovetable.schema.fixture.AgentsOf;
import org.postgresql.ds.PGSimpleDataSource;

/** Migrates in a JVM of its own, to be killed. Prints a line for each agent. */
final class MigrationProcess {

  private MigrationProcess() {}

  /** Takes the JDBC address. */
  public static void main(String[] arguments) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setUrl(arguments[0]);
    AgentMigrations.builder(AgentsOf.visits("001_create_visits.sql", "002_add_reason.sql"))
        .connections(2)
        .listener((result, done, total) -> System.out.println(result.prefix()))
        .build()
        .run(dataSource);
  }
}
