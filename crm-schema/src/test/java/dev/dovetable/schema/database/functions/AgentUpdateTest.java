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
import org.junit.jupiter.api.Test;

/** update_agent_details: what it answers, and what it leaves alone. */
class AgentUpdateTest extends FunctionTest {
  private static String update(String arguments) {
    return "update_agent_details(" + arguments + ")";
  }

  @Test
  void ownUserChangesTheNameOnly() throws SQLException {
    session.as(OWNER);
    assertThat(
            session.one(
                "select agent #>> '{user,name}' from "
                    + update("1, '{\"name\": \"Ölga \"}', '{}', '%s'".formatted(OWNER))))
        .isEqualTo("Ölga ");
    session.rollback();
    session.as(OWNER).begin();
    refused(update("1, '{\"name\": \"x\", \"email\": \"new@x\"}'"));
    refused(update("1, '{\"name\": \"x\", \"role\": \"admin\"}'"));
    refused(update("1, '{\"name\": \"x\"}', '{\"user_id\": \"%s\"}'".formatted(SPARE)));
    // Sending back what is there is no change.
    assertThat(
            session.one(
                "select success from "
                    + update(
                            "1, (select to_jsonb(u) from users u where id = '%1$s'),"
                                + " (select to_jsonb(a) from agents a where id = 1)")
                        .formatted(OWNER)))
        .isEqualTo("t");
  }

  @Test
  void adminAndServiceChangeAllThatCanBeChanged() throws SQLException {
    for (UUID actor : new UUID[] {ADMIN, null}) {
      if (actor != null) {
        session.as(actor);
      } else {
        session.service();
      }
      assertThat(
              session
                  .rows(
                      "select agent #>> '{user,name}', agent #>> '{user,email}', agent #>> '{user,role}', success from "
                          + update(
                              "1, '{\"name\": \"N\", \"email\": \"n@x\", \"role\": \"admin\"}'"))
                  .get(0))
          .containsExactly("N", "n@x", "admin", "t");
      assertThat(
              session
                  .rows(
                      "select agent ->> 'user_id', agent #>> '{user,id}' from "
                          + update("1, '{}', '{\"user_id\": \"%s\"}'".formatted(SPARE)))
                  .get(0))
          .containsExactly(SPARE.toString(), SPARE.toString());
      session.rollback();
      session.begin();
    }
  }

  @Test
  void updatesAreAllOrNothing() throws SQLException {
    refused(update("1, '{\"name\": \"x\", \"email\": \"otto@crm.example\"}'"));
    refused(update("1, '{\"name\": \"x\", \"role\": \"root\"}'"));
    refused(update("1, '{\"name\": \"x\"}', '{\"agent_prefix\": \"gamma\"}'"));
    refused(update("1, '{\"name\": \"x\"}', '{\"user_id\": \"%s\"}'".formatted(STRANGER)));
    refused(update("1, '{\"name\": \"x\"}', '{\"user_id\": \"%s\"}'".formatted(OTHER)));
  }

  @Test
  void unknownAndImmutableKeysAreNamed() throws SQLException {
    for (String key : List.of("id", "created_at", "phone", "Name", "")) {
      assertThat(refused(update("1, '{\"%s\": \"x\"}'".formatted(key)))).contains(key);
    }
    for (String key : List.of("id", "agent_prefix", "created_by", "created_at", "prefix", "user")) {
      assertThat(refused(update("1, '{}', '{\"%s\": \"x\"}'".formatted(key)))).contains(key);
    }
    assertThat(refused(update("1, '{}', '{\"agent_prefix\": null}'"))).contains("agent_prefix");
  }

  @Test
  void valuesOfTheWrongKindAreRefused() throws SQLException {
    for (String json : List.of("[]", "\"x\"", "1", "null", "true", "[{\"name\": \"x\"}]")) {
      refused(update("1, '" + json + "'"));
      refused(update("1, '{}', '" + json + "'"));
    }
    for (String value : List.of("null", "\"\"", "\"  \"", "1", "true", "{\"x\": 1}", "[\"x@y\"]")) {
      for (String key : List.of("name", "email", "role")) {
        assertThat(refused(update("1, '{\"%s\": %s}'".formatted(key, value)))).contains(key);
      }
    }
    for (String email : List.of("x", "x@", "@x", "x y@z", "a@b@c")) {
      refused(update("1, '{\"email\": \"" + email + "\"}'"));
    }
    refused(update("1, jsonb_build_object('name', repeat('x', 256))"));
    refused(update("1, jsonb_build_object('email', repeat('x', 254) || '@y')"));
    for (String id :
        List.of(
            "\"x\"",
            "\"\"",
            "null",
            "1",
            "{}",
            "\"%s \"".formatted(SPARE),
            "[\"%s\"]".formatted(SPARE))) {
      assertThat(refused(update("1, '{}', '{\"user_id\": " + id + "}'"))).contains("user_id");
    }
    assertThat(
            session.one(
                "select success from " + update("1, jsonb_build_object('name', repeat('ö', 255))")))
        .isEqualTo("t");
  }

  @Test
  void currentUserIdIsNotBelieved() throws SQLException {
    session.as(OTHER);
    for (UUID claimed : List.of(OWNER, ADMIN, STRANGER)) {
      assertThat(
              session.sqlState(
                  "select " + update("1, '{\"name\": \"x\"}', '{}', '" + claimed + "'")))
          .isEqualTo("42501");
      assertThat(
              session.sqlState(
                  "select " + update("2, '{\"name\": \"x\"}', '{}', '" + claimed + "'")))
          .isEqualTo("42501");
    }
    session.claims("{\"role\": \"authenticated\"}");
    assertThat(
            session.sqlState("select " + update("1, '{\"name\": \"x\"}', '{}', '" + OWNER + "'")))
        .isEqualTo("42501");
  }

  @Test
  void backendPassesItOnBehalfOfAUser() throws SQLException {
    session.backend();
    for (UUID user : new UUID[] {OWNER, ADMIN, null}) {
      assertThat(
              session.one("select success from " + update("1, '{\"name\": \"x\"}', '{}', ?"), user))
          .isEqualTo("t");
      // With that user's rights, and no more.
      assertThat(
              session.one(
                  "select success from "
                      + update("1, '{\"role\": \"agent\", \"email\": \"x@y\"}', '{}', ?"),
                  user))
          .isEqualTo(OWNER.equals(user) ? "f" : "t");
    }
    assertThat(session.sqlState("select " + update("1, '{\"name\": \"x\"}', '{}', ?"), OTHER))
        .isEqualTo("42501");
  }

  @Test
  void nullsAndDefaultsChangeNothing() throws SQLException {
    for (String arguments : List.of("1", "1, null", "1, null, null, null", "1, '{}', '{}'")) {
      assertThat(session.one("select success from " + update(arguments)))
          .as(arguments)
          .isEqualTo("t");
    }
    session.commit();
    session.begin();
  }

  @Test
  void agentWithoutAUserCanGetOne() throws SQLException {
    session.execute("delete from users where id = ?", OWNER);
    assertThat(
            session
                .rows("select success, agent from " + update("1, '{\"name\": \"x\"}'"))
                .get(0)
                .get(0))
        .isEqualTo("f");
    assertThat(session.one("select agent -> 'user' from " + update("1"))).isEqualTo("null");
    assertThat(
            session.one(
                "select success from "
                    + update("1, null, '{\"user_id\": \"%s\"}'".formatted(SPARE))))
        .isEqualTo("t");
  }
}
