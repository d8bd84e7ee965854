package dev.dovetable.testkit.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Makes a database look like a Supabase project's, by the same files as the build's judges. */
final class SupabaseProject {

  private SupabaseProject() {}

  static void make(DataSource superuser, Flavor flavor) throws SQLException {
    try (Connection connection = superuser.getConnection();
        Statement statement = connection.createStatement()) {
      Admin.execute(
          connection,
          "select pg_catalog.set_config('emulation.owner', %L, false)",
          Flavor.SUPABASE_OWNER);
      for (String script : flavor.scripts()) {
        statement.execute(read(script));
      }
    }
  }

  private static String read(String resource) {
    try (InputStream in = SupabaseProject.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
