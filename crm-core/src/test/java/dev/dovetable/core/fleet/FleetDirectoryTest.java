package dev.dovetable.core.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.CrmFleet;
import dev.dovetable.core.FleetDatabase;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.fixture.Installed;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who sees and writes the directory, and where it may be. */
class FleetDirectoryTest extends FleetBase {

  @Test
  void theDirectoryIsListedInPages() {
    List<String> prefixes = List.of(newPrefix(), newPrefix(), newPrefix());
    prefixes.forEach(prefix -> newAgent(two, prefix));
    String before = "";
    int seen = 0;
    for (List<AgentPlace> page = fleet.directory().list(before, 2);
        !page.isEmpty();
        page = fleet.directory().list(before, 2)) {
      assertThat(page).isSortedAccordingTo((a, b) -> a.prefix().compareTo(b.prefix()));
      seen += (int) page.stream().filter(place -> prefixes.contains(place.prefix())).count();
      before = page.get(page.size() - 1).prefix();
    }
    assertThat(seen).isEqualTo(3);
  }

  @Test
  void nobodyButBackendsReadsOrWritesTheDirectory() throws SQLException {
    Agent agent = newAgent(one, newPrefix());
    String claims =
        "select set_config('request.jwt.claims', '{\"sub\":\"%s\",\"role\":\"authenticated\"}', false)"
            .formatted(one.admin);
    String outsider = one.database.createLogin("outsider");
    String web = one.database.createLogin("web", "authenticated", "anon");
    for (String table : List.of("crm_private.agent_places", "crm_private.fleet_databases")) {
      for (String sql :
          List.of(
              "select * from " + table,
              "update " + table + " set database_name = 'two'",
              "delete from " + table,
              "truncate " + table,
              "insert into " + table + " (database_name) values ('two')")) {
        assertDenied(outsider, List.of(sql));
        assertDenied(web, List.of(sql));
        assertDenied(web, List.of("set role anon", sql));
        assertDenied(web, List.of("set role authenticated", claims, sql));
      }
    }
    assertDenied(one.login, List.of("set role service_role", "truncate crm_private.agent_places"));
    assertDenied(
        one.login,
        List.of(
            "set role service_role",
            "insert into crm_private.fleet_databases values ('three', 3)"));
    assertThat(fleet.directory().find(agent.prefix())).map(AgentPlace::database).contains("one");
  }

  @Test
  void withoutAServiceTheDirectoryIsTheHosts() {
    assertThatThrownBy(
            () ->
                CrmFleet.builder()
                    .database(FleetDatabase.of("one", one.dataSource))
                    .each(crm -> crm.schema(Installed.SCHEMA).withoutService())
                    .build())
        .isInstanceOf(RefusedException.class);
    CrmFleet web =
        CrmFleet.builder()
            .database(FleetDatabase.of("one", one.dataSource))
            .database(FleetDatabase.of("two", two.dataSource))
            .directory(fleet.directory())
            .each(crm -> crm.schema(Installed.SCHEMA).withoutService())
            .build();
    Agent agent = newAgent(two, newPrefix());
    Actor user = Actor.user(agent.userId().orElseThrow());

    assertThat(web.as(user).tenant(agent.prefix()).agentId()).isEqualTo(agent.id());
    assertThatThrownBy(web::asService).isInstanceOf(RefusedException.class);
    assertThatThrownBy(() -> web.asAgent(agent.prefix())).isInstanceOf(RefusedException.class);
    assertThatThrownBy(web::webhooks).isInstanceOf(RefusedException.class);
  }

  private static void assertDenied(String login, List<String> statements) throws SQLException {
    try (Connection connection = one.database.dataSource(login).getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements.subList(0, statements.size() - 1)) {
        statement.execute(sql);
      }
      assertThatThrownBy(() -> statement.execute(statements.get(statements.size() - 1)))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
    }
  }
}
