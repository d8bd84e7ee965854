package dev.dovetable.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.ActorScope;
import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That the SQL of the pages, and of their commands for psql, runs. */
@FreshDatabase(perMethod = true)
class SqlOfPagesTest {
  private static final String FILES = "crm-schema/src/main/resources/crm/database/schema/";
  private static final String SUPABASE = "docs/supabase-and-sql.md";

  @Test
  void everyPageWithSqlIsRun() {
    assertThat(Pages.all())
        .filteredOn(page -> !Pages.blocks(page, "sql").isEmpty())
        // The extension's is compared by PagesTest, and run by PageExamplesTest; InboxExamplesTest
        // runs
        // the one of the inbox, HostRecipesTest that of the recipes.
        .containsExactly(
            "docs/extensions.md",
            "docs/inbox.md",
            "docs/operations.md",
            "docs/recipes.md",
            SUPABASE);
  }

  @Test
  void theReadmesCommandsMakeAnAgent(PostgresDatabase database) throws SQLException {
    String commands = Pages.blocks("README.md", "sh").get(0);

    assertThat(commands).startsWith("cd " + FILES.replaceAll("/$", "\n"));
    assertThat(commands.lines()).hasSize(5);
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      for (String file : groups("-f (\\S+)", commands)) {
        statement.execute(Pages.text(FILES + file));
      }
      for (String sql : groups("-c \"(.*)\"", commands)) {
        statement.execute(sql);
      }
      assertThat(texts(statement, "select agent_prefix from agents")).containsExactly("agt_6f78");
    }
  }

  @Test
  void thePageAboutSupabase(PostgresDatabase database) throws SQLException {
    String loop = groups("for file in (.*); do", Pages.blocks(SUPABASE, "sh").get(0)).get(0);

    assertThat(loop.split(" "))
        .containsExactlyInAnyOrderElementsOf(
            Pages.files(Pages.ROOT.resolve(FILES), ".sql").stream()
                .map(file -> file.substring(FILES.length()).replace(".sql", ""))
                .toList());
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      for (String file : loop.split(" ")) {
        statement.execute(Pages.text(FILES + file + ".sql"));
      }
      for (String sql : Pages.blocks(SUPABASE, "sql")) {
        statement.execute(sql);
      }
      assertThat(texts(statement, "select message from agt_6f78_messages"))
          .containsExactly("Two bags of coffee, please");
      statement.execute("update users set role = 'agent'");
      statement.execute(Pages.blocks(SUPABASE, "sql").get(0));
      assertThat(texts(statement, "select name from users where role = 'admin'"))
          .containsExactly("Ada");
    }
  }

  /** On a server of its own, because roles belong to the server. */
  @Test
  void twoLoginsKeepTheWebApart() throws SQLException {
    try (PostgresServer server = PostgresServer.builder().start();
        PostgresDatabase database = server.createDatabase()) {
      try (Connection connection = database.dataSource().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(
            Pages.blocks("docs/operations.md", "sql")
                .get(0)
                .replace("database crm", "database " + database.name()));
      }

      Crm crm =
          PageExamples.roles(
              database.dataSource("crm_owner"),
              database.dataSource("crm_web"),
              database.dataSource("crm_jobs"),
              "the app's secret");

      ActorScope service = crm.asService();
      User ada = user(service, "ada", UserRole.ADMIN);
      User ben = user(service, "ben", UserRole.AGENT);
      Agent agent = service.agents().create(ben.id(), "agt_6f78", ada.id());
      TenantScope bens = crm.as(Actor.user(ben.id())).tenant(agent.prefix());
      bens.customers().create(new NewCustomer("Maria", "13125550142"));
      assertThat(bens.customers().count()).isOne();
      assertThat(login(bens)).isEqualTo("crm_web");
      User eve = user(service, "eve", UserRole.AGENT);
      TenantScope eves = crm.as(Actor.user(eve.id())).tenant(agent.prefix());
      assertThat(eves.customers().count()).isZero();
      Crm mistaken = Crm.create(database.dataSource("crm_web"));
      assertThatThrownBy(() -> mistaken.asService().users().findByEmail("ada@crm.example"))
          .isInstanceOf(AccessDeniedException.class)
          .hasMessageContaining("crm_web");
      assertThat(login(service.tenant(agent.prefix()))).isEqualTo("crm_jobs");
      assertThat(crm.asAgent(agent.prefix()).customers().count()).isOne();
      assertThat(crm.webhooks().unrouted(PageRequest.first(1)).items()).isEmpty();
      assertThat(service.agents().delete(agent.id())).isTrue();
    }
  }

  private static User user(ActorScope service, String name, UserRole role) {
    return service.users().create(new NewUser(name, name + "@crm.example", role));
  }

  private static String login(TenantScope scope) {
    return scope.dsl().fetchSingle("select session_user::text").into(String.class);
  }

  private static List<String> groups(String regex, String text) {
    return Pattern.compile(regex).matcher(text).results().map(found -> found.group(1)).toList();
  }

  private static List<String> texts(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      Stream.Builder<String> texts = Stream.builder();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts.build().toList();
    }
  }
}
