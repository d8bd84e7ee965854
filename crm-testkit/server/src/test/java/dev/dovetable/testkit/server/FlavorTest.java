package dev.dovetable.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class FlavorTest {

  private final PostgresServer server = PostgresServer.shared();

  @Test
  void plainDatabaseHasNothingOfSupabase() throws SQLException {
    try (PostgresDatabase database = server.createDatabase(Flavor.PLAIN)) {
      assertThat(database.owner()).isEqualTo(server.administrator());
      assertThat(Query.column(database.dataSource(), "select to_regnamespace('auth')::text"))
          .containsOnlyNulls();
    }
  }

  @Test
  void newProjectGrantsNoReadingOrWriting() throws SQLException {
    try (PostgresDatabase database = server.createDatabase(Flavor.SUPABASE, OneTable.class)) {
      for (String role : List.of("anon", "authenticated", "service_role")) {
        assertThat(privileges(database, role))
            .contains("TRUNCATE", "TRIGGER", "REFERENCES")
            .doesNotContain("SELECT", "INSERT", "UPDATE", "DELETE");
      }
    }
  }

  @Test
  void olderProjectGrantsEverything() throws SQLException {
    try (PostgresDatabase database =
        server.createDatabase(Flavor.SUPABASE_EXPOSED, OneTable.class)) {
      for (String role : List.of("anon", "authenticated", "service_role")) {
        assertThat(privileges(database, role))
            .contains("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE");
      }
    }
  }

  @Test
  void ownerIsNoSuperuserAndClonesHaveItsSettings() throws SQLException {
    for (int clone = 1; clone <= 3; clone++) {
      try (PostgresDatabase database = server.createDatabase(Flavor.SUPABASE, OneTable.class)) {
        assertThat(database.flavor()).isEqualTo(Flavor.SUPABASE);
        DataSource owner = database.dataSource(database.owner());
        assertThat(
                Query.column(
                    owner,
                    "select not rolsuper and datdba = r.oid from pg_roles as r, pg_database"
                        + " where rolname = session_user and datname = current_database()"))
            .containsExactly("t");
        assertThat(Query.column(owner, "show search_path"))
            .containsExactly("\"$user\", public, extensions");
        assertThat(Query.column(owner, "select tableowner from pg_tables where tablename = 't'"))
            .containsExactly(database.owner());
        assertThatThrownBy(() -> Query.column(owner, "create table auth.mine ()"))
            .hasMessageContaining("permission denied");
      }
    }
  }

  @Test
  void authServiceSignsUsersUpAndTheApiKnowsThem() throws SQLException {
    String id = "6e3f7f0e-8f3b-4b7e-9b52-0b6f7d3c1a55";
    try (PostgresDatabase database = server.createDatabase(Flavor.SUPABASE)) {
      Query.column(
          database.dataSource("supabase_auth_admin"),
          "insert into users (id, email) values ('" + id + "', 'a@example.org')");
      assertThat(
              Query.column(
                  database.dataSource("authenticator"),
                  "set role authenticated; set request.jwt.claims = '{\"sub\": \""
                      + id
                      + "\"}'; select auth.uid()"))
          .containsExactly(id);
      assertThatThrownBy(
              () -> Query.column(database.dataSource("authenticator"), "select * from auth.users"))
          .hasMessageContaining("permission denied");
    }
  }

  private static List<String> privileges(PostgresDatabase database, String role)
      throws SQLException {
    return Query.column(
        database.dataSource(),
        "select privilege_type from information_schema.table_privileges"
            + " where table_name = 't' and grantee = '"
            + role
            + "'");
  }

  static class OneTable implements DatabasePreparer {
    @Override
    public void prepare(DataSource owner) throws SQLException {
      Query.column(owner, "create table public.t (n int)");
    }
  }
}
