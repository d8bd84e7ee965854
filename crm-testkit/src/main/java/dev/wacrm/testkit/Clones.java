package dev.wacrm.testkit;

import dev.wacrm.schema.CrmSchema;
import dev.wacrm.testkit.server.DatabasePreparer;
import dev.wacrm.testkit.server.Flavor;
import dev.wacrm.testkit.server.PostgresDatabase;
import dev.wacrm.testkit.server.PostgresServer;
import javax.sql.DataSource;

/** Databases in which the CRM is installed, on the server of this JVM. Thread-safe. */
final class Clones {
  static final String DEFAULT_SCHEMA = "public";

  private Clones() {}

  /** A clone of a template for the usual schema; for others, installed each time. */
  static PostgresDatabase create(Flavor flavor, String schema) {
    if (schema.equals(DEFAULT_SCHEMA)) {
      return PostgresServer.shared().createDatabase(flavor, InPublic.class);
    }
    PostgresDatabase database = PostgresServer.shared().createDatabase(flavor);
    try {
      CrmSchema.builder().schema(schema).build().install(database.dataSource(database.owner()));
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** Fills the template. */
  static final class InPublic implements DatabasePreparer {
    @Override
    public void prepare(DataSource owner) {
      CrmSchema.create().install(owner);
    }
  }
}
