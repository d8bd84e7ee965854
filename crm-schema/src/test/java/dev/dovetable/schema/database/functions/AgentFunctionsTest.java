package dev.dovetable.schema.database.functions;

import static dev.dovetable.schema.database.TwoAgents.ADMIN;
import static dev.dovetable.schema.database.TwoAgents.OTHER;
import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static dev.dovetable.schema.database.TwoAgents.SPARE;
import static dev.dovetable.schema.database.TwoAgents.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** create_agent and delete_agent: what they answer, and what they leave alone. */
class AgentFunctionsTest extends FunctionTest {
  @Test
  void creationAnswersTheAgentWithItsUser() throws SQLException {
    List<String> row =
        session
            .rows(
                "select agent ->> 'agent_prefix', agent ->> 'user_id', agent ->> 'created_by',"
                    + " agent #>> '{user,email}', success, message, agent ->> 'id'"
                    + " from create_agent(?, 'gamma', ?)",
                SPARE,
                ADMIN)
            .get(0);
    assertThat(row.subList(0, 5))
        .containsExactly("gamma", SPARE.toString(), ADMIN.toString(), "sven@crm.example", "t");
    assertThat(row.get(5)).contains("gamma");
    assertThat(session.one("select id from agents where agent_prefix = 'gamma'"))
        .isEqualTo(row.get(6));
  }

  static Stream<Arguments> refusedCreations() {
    return Stream.of(
        arguments(SPARE, "alpha", ADMIN, "alpha"),
        arguments(SPARE, "alpha", ADMIN, "another"),
        arguments(OWNER, "gamma", ADMIN, "already has"),
        arguments(OWNER, "gamma", ADMIN, "alpha"),
        arguments(STRANGER, "gamma", ADMIN, STRANGER.toString()),
        arguments(SPARE, "gamma", STRANGER, "created_by"),
        arguments(null, "gamma", ADMIN, "user_id"),
        arguments(SPARE, null, ADMIN, "agent_prefix"),
        arguments(SPARE, "gamma", null, "created_by"));
  }

  @ParameterizedTest
  @MethodSource("refusedCreations")
  void creationIsRefusedWithARemedy(UUID user, String prefix, UUID creator, String named)
      throws SQLException {
    assertThat(refused("create_agent(?::uuid, ?::text, ?::uuid)", user, prefix, creator))
        .contains(named);
  }

  @Test
  void adminCreatesInItsOwnNameOnly() throws SQLException {
    session.as(ADMIN);
    assertThat(refused("create_agent(?, 'gamma', ?)", SPARE, OTHER)).contains("created_by");
    // An admin may be the user of an agent.
    assertThat(session.one("select success from create_agent(?, 'gamma', ?)", ADMIN, ADMIN))
        .isEqualTo("t");
  }

  @Test
  void unknownAgentIsRefused() throws SQLException {
    for (String id : List.of("99", "0", "-1", "9223372036854775807", "null")) {
      assertThat(refused("delete_agent(" + id + ")")).contains(id);
      assertThat(refused("update_agent_details(" + id + ")")).contains(id);
    }
    // A user learns nothing about which agents there are.
    session.as(OWNER);
    for (String id : List.of("99", "2", "null")) {
      assertThat(session.sqlState("select delete_agent(" + id + ")")).isEqualTo("42501");
      assertThat(session.sqlState("select update_agent_details(" + id + ")")).isEqualTo("42501");
    }
  }

  @Test
  void deletionAnswersAndSecondDeletionIsRefused() throws SQLException {
    List<String> row = session.rows("select success, message from delete_agent(1)").get(0);
    assertThat(row.get(0)).isEqualTo("t");
    assertThat(row.get(1)).contains("alpha");
    assertThat(session.one("select success from delete_agent(1)")).isEqualTo("f");
  }

  @Test
  void whoMadeTheAgentMayDeleteIt() throws SQLException {
    session.execute("update users set role = 'agent' where id = ?", ADMIN);
    session.as(ADMIN);
    assertThat(session.one("select success from delete_agent(1)")).isEqualTo("t");
    assertThat(session.sqlState("select create_agent(?, 'gamma', ?)", SPARE, ADMIN))
        .isEqualTo("42501");
  }
}
