package dev.dovetable.schema.server;

import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.Session;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Functions of the names that ours call, for arguments that fit better than those declared. */
class ShadowingFunctionsTest extends ShadowingTest {
  ShadowingFunctionsTest() {
    super("shadowing_functions.sql");
  }

  @Test
  void theyAreFoundThroughTheSchema() throws SQLException {
    session.execute("set search_path = public");
    assertThat(session.failure("select format('%s', 'a'::varchar)").getMessage())
        .contains("found format(text, character varying)");
    session.execute("set search_path = crm_private, public");
    assertThat(session.failure("select is_trusted('x'::text)").getMessage())
        .contains("found is_trusted(text)");
  }

  /** What a developer of the application's might do, who may create tables there. */
  @Test
  void whoMayCreateOnesBecomesNobodyElse() throws SQLException {
    String developer = database.createLogin("developer");
    try (Session superuser = new Session(database.dataSource())) {
      superuser.execute("drop function public.is_trusted(text)");
      superuser.execute("drop function public.is_trusted(varchar)");
      superuser.execute("grant create, usage on schema public to " + developer);
    }
    try (Session rival = new Session(database.dataSource(developer))) {
      rival.execute(
          """
          create function public.is_trusted(text) returns boolean language sql as 'select true';
          create function public.is_trusted(varchar) returns boolean language sql as 'select true'
          """);
    }
    as(OWNER);
    assertThat(session.sqlState("select public.delete_agent(2::bigint)")).isEqualTo("42501");
    session.backend();
    session.execute("select crm_private.enter_agent('alpha', true)");
  }
}
