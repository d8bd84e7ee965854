package dev.dovetable.testkit.codegen;

import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/**
 * A database with one agent, whose tables and schema have names that no live database has: a
 * statement that was bound to no agent, or to no schema, fails instead of reaching somebody's.
 */
final class TemplateAgent {
  static final String SCHEMA = "{schema}";
  static final String PREFIX = "{prefix}";

  private TemplateAgent() {}

  /**
   * Makes it in an empty database.
   *
   * @param scripts SQL that the extensions build upon
   */
  static void make(DataSource superuser, List<String> scripts, List<AgentExtension> extensions)
      throws SQLException, IOException {
    CrmSchema.create().install(superuser);
    try (Connection connection = superuser.getConnection();
        Statement statement = connection.createStatement()) {
      for (String script : scripts) {
        statement.execute(script);
      }
      AgentMigrations.of(extensions.toArray(AgentExtension[]::new)).run(superuser);
      statement.execute(sql("make_template.sql"));
    }
  }

  private static String sql(String file) throws IOException {
    try (InputStream in = TemplateAgent.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing beside " + TemplateAgent.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
