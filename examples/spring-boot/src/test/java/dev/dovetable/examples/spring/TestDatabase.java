package dev.dovetable.examples.spring;

import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.testkit.server.DatabasePreparer;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * What an administrator has made ready, once for all tests: the CRM, and a login for the service.
 */
final class TestDatabase {
  static final String SCHEMA = "crm";

  private static final PostgresDatabase DATABASE =
      PostgresServer.shared().createDatabase(Installed.class);
  static final String LOGIN = DATABASE.createLogin("app", "authenticated", "service_role");

  static {
    try (Connection admin = DATABASE.dataSource().getConnection();
        Statement statement = admin.createStatement()) {
      statement.execute("grant create on schema public to " + LOGIN);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The CRM with the tables of webhooks. */
  static final class Installed implements DatabasePreparer {
    @Override
    public void prepare(DataSource superuser) {
      CrmSchema.builder().schema(SCHEMA).build().install(superuser);
      AgentMigrations.builder(Webhooks.extension()).schema(SCHEMA).build().run(superuser);
    }
  }

  private TestDatabase() {}

  static String url() {
    return DATABASE.jdbcUrl(LOGIN);
  }
}
