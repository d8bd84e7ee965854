package dev.dovetable.schema.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;

/** The shipped files, run as they are and in the specification's order, without the installer. */
final class SqlFiles {

  static final List<String> SCHEMA =
      List.of(
          "schema/supabase_compat.sql",
          "schema/enums.sql",
          "schema/base_tables.sql",
          "schema/dynamic_table_creation.sql",
          "schema/agent_management_functions.sql",
          "schema/indexes.sql");

  static final List<String> MIGRATIONS =
      List.of(
          "migrations/001_create_whatsapp_configuration.sql",
          "migrations/002_add_verify_token.sql",
          "migrations/003_add_total_amount_to_orders.sql");

  private SqlFiles() {}

  static void run(Session session, List<String> files) throws SQLException {
    for (String file : files) {
      session.execute(read(file));
    }
  }

  private static String read(String file) {
    try (InputStream in = SqlFiles.class.getResourceAsStream("/crm/database/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
