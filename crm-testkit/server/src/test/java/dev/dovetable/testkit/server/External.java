package dev.dovetable.testkit.server;

import dev.dovetable.testkit.server.PostgresServer.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/**
 * A server of somebody else's, where the user given is no superuser, everybody needs a password,
 * and a database and a role are there already.
 */
final class External implements AutoCloseable {

  static final String BYSTANDER = "crmtk_somebodys_1";
  private static final String USER = "tester";
  private static final String PASSWORD = "se cret&1";

  private final PostgresServer server;
  private final DataSource superuser;

  private External(PostgresServer server) {
    this.server = server;
    this.superuser = server.administratorOf("postgres");
  }

  static External start() throws SQLException, IOException {
    External external = new External(PostgresServer.builder().source(Source.EMBEDDED).start());
    DataSource superuser = external.superuser;
    Query.column(
        superuser,
        "create role %s login createdb createrole password '%s'".formatted(USER, PASSWORD));
    Query.column(superuser, "create role " + BYSTANDER);
    Query.column(superuser, "create database " + BYSTANDER);
    Path data = Path.of(Query.column(superuser, "show data_directory").get(0));
    Files.writeString(
        data.resolve("pg_hba.conf"),
        "host all postgres all trust\nhost all all all scram-sha-256\n");
    Query.column(superuser, "select pg_reload_conf()");
    return external;
  }

  String url() {
    return "jdbc:postgresql://localhost:%d/postgres?tcpKeepAlive=true".formatted(server.port());
  }

  PostgresServerBuilder builder() {
    return PostgresServer.builder().external(url(), USER, PASSWORD);
  }

  String[] properties() {
    return new String[] {
      "-Dcrm.testkit.url=" + url(),
      "-Dcrm.testkit.user=" + USER,
      "-Dcrm.testkit.password=" + PASSWORD
    };
  }

  List<String> databases() throws SQLException {
    return Query.databases(server);
  }

  List<String> roles() throws SQLException {
    return Query.column(superuser, "select rolname from pg_roles");
  }

  @Override
  public void close() {
    server.close();
  }
}
