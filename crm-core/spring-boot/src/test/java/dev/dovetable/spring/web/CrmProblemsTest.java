package dev.dovetable.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.spring.fixture.Running;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

class CrmProblemsTest extends Running {

  @Test
  void requestsAreAnsweredWithProblemDetails() throws Exception {
    Agent agent = newAgent();

    HttpResponse<String> unknown = send(request("/agents/nobody/customers/1?name=Ada"));
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(unknown.body())
        .contains("\"type\":\"urn:dovetable:unknown-agent\"", "\"title\":\"Unknown agent\"")
        .contains("\"status\":404", "\"detail\":\"There is no agent nobody");

    String path = "/agents/" + agent.prefix() + "/customers/1?name=";
    assertThat(send(request(path + "Ada")).body()).contains("urn:dovetable:not-found");
    assertThat(send(request(path + "%20")).statusCode()).isEqualTo(422);
    assertThat(send(request("/agents/Not-one/customers/1?name=Ada")).statusCode()).isEqualTo(422);
    String others = "/users/%s/agents/%s/customers".formatted(UUID.randomUUID(), agent.prefix());
    assertThat(send(request(others)).statusCode()).isEqualTo(403);
  }

  @Test
  void whatPassesIsToBeRepeated() {
    for (DatabaseException.Kind kind : DatabaseException.Kind.values()) {
      DatabaseException e = new DatabaseException(kind, null, "problem", "remedy", null);
      ResponseEntity<ProblemDetail> answer = new CrmProblems().answer(e);
      boolean passes = e.isRetryable() || kind == DatabaseException.Kind.CANCELLED;

      assertThat(answer.getStatusCode().value()).as(kind.name()).isEqualTo(passes ? 503 : 500);
      assertThat(answer.getHeaders().getFirst(HttpHeaders.RETRY_AFTER))
          .isEqualTo(passes ? "1" : null);
      assertThat(answer.getBody()).isNotNull();
      assertThat(answer.getBody().getDetail()).as("not the caller's business").isNull();
    }
  }

  @Test
  void rulesAreConflictsUnlessTheApplicationIsSetUpWrongly() {
    assertThat(status(refused(RefusedException.Reason.USER_HAS_AGENT))).isEqualTo(409);
    assertThat(status(refused(RefusedException.Reason.PREFIX_MALFORMED))).isEqualTo(422);
    assertThat(status(refused(RefusedException.Reason.NO_SERVICE))).isEqualTo(500);
    assertThat(status(refused(RefusedException.Reason.SEARCH_NOT_REGISTERED))).isEqualTo(500);
    assertThat(status(invalid(InvalidDataException.Kind.NOT_UNIQUE))).isEqualTo(409);
    assertThat(
            Arrays.stream(InvalidDataException.Kind.values())
                .filter(kind -> kind != InvalidDataException.Kind.NOT_UNIQUE)
                .map(kind -> status(invalid(kind))))
        .containsOnly(422);
    assertThat(status(schema(SchemaException.Reason.LOCKED))).isEqualTo(503);
    assertThat(status(schema(SchemaException.Reason.NOT_CURRENT))).isEqualTo(500);
  }

  private static int status(CrmException e) {
    return new CrmProblems().answer(e).getStatusCode().value();
  }

  private static CrmException refused(RefusedException.Reason reason) {
    return new RefusedException(reason, "problem", "remedy");
  }

  private static CrmException invalid(InvalidDataException.Kind kind) {
    return new InvalidDataException(kind, "problem", "remedy");
  }

  private static CrmException schema(SchemaException.Reason reason) {
    return new SchemaException(reason, "problem", "remedy");
  }
}
