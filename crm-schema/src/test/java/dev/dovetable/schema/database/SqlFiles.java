package dev.dovetable.schema.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/** The shipped files, run as they are and in the specification's order, without the installer. */
public final class SqlFiles {

  /** Those of the specification, and what they need on a plain PostgreSQL. */
  public static final List<String> SPECIFICATION =
      List.of(
          "schema/supabase_compat.sql",
          "schema/enums.sql",
          "schema/base_tables.sql",
          "schema/dynamic_table_creation.sql",
          "schema/agent_management_functions.sql",
          "schema/indexes.sql");

  public static final List<String> BESIDE =
      List.of(
          "schema/extensions.sql",
          "schema/identities.sql",
          "schema/webhooks.sql",
          "schema/changes.sql",
          "schema/directory.sql");

  public static final List<String> SCHEMA =
      Stream.concat(SPECIFICATION.stream(), BESIDE.stream()).toList();

  public static final List<String> MIGRATIONS =
      List.of(
          "migrations/001_create_whatsapp_configuration.sql",
          "migrations/002_add_verify_token.sql",
          "migrations/003_add_total_amount_to_orders.sql");

  private SqlFiles() {}

  /** As psql does: one that fails leaves its transaction behind it. */
  public static void run(Session session, List<String> files) throws SQLException {
    for (String file : files) {
      try {
        session.execute(read(file));
      } catch (SQLException e) {
        session.execute("rollback");
        throw e;
      }
    }
  }

  public static String read(String file) {
    try (InputStream in = SqlFiles.class.getResourceAsStream("/crm/database/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
