package dev.dovetable.schema.server;

import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.Session;
import dev.dovetable.schema.database.SqlFiles;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Operators that fit our columns better than PostgreSQL's own. */
class ShadowingOperatorsTest extends ShadowingTest {
  ShadowingOperatorsTest() {
    super("shadowing_operators.sql");
  }

  @Test
  void theyAreFoundThroughTheSchema() throws SQLException {
    session.execute("set search_path = public");
    assertThat(session.failure("select 'a'::varchar = 'a'::varchar").getMessage())
        .contains("found varchar = varchar");
  }

  @Test
  void nobodysClaimsAreReadByOne() throws SQLException {
    as(OWNER);
    session.execute("set search_path = public");
    assertThat(session.failure("select '{}'::jsonb ->> '\"sub\"'").getMessage())
        .contains("found jsonb ->> jsonb");
    assertThat(session.one("select auth.uid()")).isEqualTo(OWNER.toString());
    assertThat(session.one("select auth.role()")).isEqualTo("authenticated");
    assertThat(session.one("select auth.jwt() is not null")).isEqualTo("t");
  }

  @Test
  void filesFindNone() throws SQLException {
    try (Session superuser = new Session(database.dataSource())) {
      superuser.execute("set search_path = public");
      SqlFiles.run(superuser, SqlFiles.SCHEMA);
      superuser.execute("set search_path = pg_catalog");
      superuser.execute("select public.drop_agent_tables('beta')");
      superuser.execute("select crm_private.may_silence_cascades()");
    }
  }
}
