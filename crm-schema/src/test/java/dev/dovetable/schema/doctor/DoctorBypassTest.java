package dev.dovetable.schema.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.doctor.Finding.Severity;
import dev.dovetable.schema.fixture.CatalogSnapshot;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.files.Scripts;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Ways past row level security that leave the tables and their policies as they were. */
class DoctorBypassTest extends DoctorTest {
  private static final String AUTH_UID =
      "select prosrc from pg_proc where oid = 'auth.uid()'::regprocedure";

  @Test
  void functionsOfAuthThatWereReplacedOrDroppedArePutBack() throws SQLException {
    String before = database.string(AUTH_UID);
    database.execute(
        """
        create or replace function auth.uid() returns uuid language sql stable
          as 'select ''00000000-0000-0000-0000-000000000001''::uuid';
        alter function auth.jwt() set request.jwt.claims to '{}';
        drop function auth.role();
        """);

    DoctorReport damaged = examine();

    assertThat(damaged.findings())
        .extracting(Finding::code, Finding::severity, Finding::object)
        .containsExactly(
            tuple(Code.FUNCTION, Severity.ERROR, "auth.jwt()"),
            tuple(Code.FUNCTION, Severity.ERROR, "auth.role()"),
            tuple(Code.FUNCTION, Severity.ERROR, "auth.uid()"));
    assertThat(damaged.findings()).allMatch(Finding::isRepairable);
    assertThat(DOCTOR.repair(agents.owner(), damaged).failures()).isEmpty();
    assertThat(examine().findings()).isEmpty();
    assertThat(database.string(AUTH_UID)).isEqualTo(before);
    assertThat(
            database.string(
                "select has_function_privilege('authenticated', 'auth.role()', 'execute')::text"))
        .isEqualTo("true");
  }

  /** It may be the application's own. */
  @Test
  void aFunctionOfAuthThatNobodyKnowsIsToldOnly() throws SQLException {
    database.execute(
        """
        comment on function auth.uid() is null;
        create or replace function auth.uid() returns uuid language sql stable as 'select null::uuid'
        """);

    DoctorReport report = examine();

    assertThat(report.findings())
        .extracting(Finding::code, Finding::severity, Finding::object, Finding::isRepairable)
        .containsExactly(tuple(Code.FUNCTION, Severity.WARNING, "auth.uid()", false));
  }

  @Test
  void knowsTheFunctionsOfAuthAsTheyAreMade() {
    assertThat(functions(Resources.read("doctor/auth_functions.sql")))
        .isEqualTo(functions(Scripts.current().supabaseCompat().statements()));
  }

  private static String functions(String sql) {
    int end = sql.indexOf(") as w (name, type, description, body)");
    return sql.substring(sql.indexOf("('jwt', 'jsonb',"), end);
  }

  @Test
  void parentsOfTheLibrarysTablesAreTakenAway() throws SQLException {
    CatalogSnapshot before = database.snapshot();
    database.execute(
        """
        create table spy (name text);
        grant select on spy to authenticated;
        alter table spy enable row level security;
        create policy everybody on spy using (true);
        alter table agt_2_customers inherit spy;
        create table par as select phone_number_id from whatsapp_configuration limit 0;
        alter table whatsapp_configuration inherit par;
        """);

    DoctorReport damaged = examine();

    assertThat(damaged.findings())
        .extracting(Finding::code, Finding::severity, Finding::prefix, Finding::object)
        .containsExactly(
            tuple(Code.EXTRA_OBJECT, Severity.ERROR, Optional.of("agt_2"), "agt_2_customers"),
            tuple(Code.EXTRA_OBJECT, Severity.ERROR, Optional.empty(), "whatsapp_configuration"));
    assertThat(damaged.findings().get(0).repair())
        .containsExactly("alter table public.agt_2_customers no inherit public.spy");
    assertThat(DOCTOR.repair(agents.owner(), damaged).failures()).isEmpty();
    assertThat(examine().findings()).isEmpty();
    database.execute("drop table spy, par");
    assertThat(database.snapshot().differencesFrom(before)).isEmpty();
  }

  @Test
  void anotherAgentsTableAsAParentAndAChildOfAStrangerAreFound() throws SQLException {
    database.execute(
        """
        alter table agt_2_messages drop constraint agt_2_messages_direction_check;
        alter table agt_1_messages inherit agt_2_messages;
        create table old_orders () inherits (agt_1_orders);
        """);

    assertThat(examine().findings())
        .filteredOn(finding -> finding.code() == Code.EXTRA_OBJECT)
        .extracting(Finding::severity, Finding::object, Finding::isRepairable)
        .containsExactlyInAnyOrder(
            tuple(Severity.ERROR, "agt_1_messages", true),
            tuple(Severity.ERROR, "agt_1_orders", false));
  }

  @Test
  void viewsThatPassPoliciesAreFound() throws SQLException {
    database.execute(
        """
        create view inner_all as select * from agt_1_customers;
        create view outer_all as select * from inner_all;
        grant select on outer_all to authenticated;
        create materialized view secrets as select api_key from whatsapp_configuration;
        grant select (api_key) on secrets to public;
        create view names as select name from users;
        grant select on names to authenticated;
        create view nobodys as select * from agt_2_customers;
        create view harmless as select 1 as one;
        grant select on harmless to anon;
        """);

    DoctorReport report = examine();

    assertThat(report.findings())
        .extracting(Finding::code, Finding::severity, Finding::object)
        .containsExactlyInAnyOrder(
            tuple(Code.HOST_TABLE, Severity.WARNING, "outer_all"),
            tuple(Code.HOST_TABLE, Severity.WARNING, "secrets"),
            tuple(Code.HOST_TABLE, Severity.INFO, "names"));
    assertThat(report.findings())
        .filteredOn(finding -> finding.object().equals("outer_all"))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.problem())
                    .contains("agt_1_customers", "authenticated may select"));
    assertThat(report.repairable()).isEmpty();

    database.execute(
        "alter view outer_all set (security_invoker = on); drop view names; drop materialized view secrets");
    assertThat(examine().findings()).isEmpty();
  }
}
