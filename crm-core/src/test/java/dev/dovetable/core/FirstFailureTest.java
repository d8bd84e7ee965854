package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.FirstFailure;
import dev.dovetable.core.fixture.FirstFailure.Outcome;
import dev.dovetable.core.fixture.FirstFailure.Use;
import dev.dovetable.core.fixture.Installed;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The first exception that a newcomer sees, each in a JVM of its own: the one that is true. */
class FirstFailureTest extends DatabaseTest {
  private static final String GRANT = "grant authenticated to poor";
  private static final String SERVICE_GRANT = "grant authenticated, service_role to poor";
  private static final String UNKNOWN = "no_such_agent";
  private static final String UNKNOWN_TOLD = "There is no agent " + UNKNOWN;

  static Stream<Arguments> cases() throws Exception {
    String poor = database.createLogin("poor");
    String app = login;
    String prefix = newAgent().prefix();
    Agent without = newAgent();
    crm.asService().users().delete(without.userId().orElseThrow());
    String there = Installed.SCHEMA;
    return Stream.of(
        Arguments.of("a missing grant", poor, there, Use.AGENT, prefix, GRANT),
        Arguments.of("for users", poor, there, Use.USERS, prefix, SERVICE_GRANT),
        Arguments.of("for a transaction", poor, there, Use.TRANSACTION, prefix, GRANT),
        Arguments.of("for a batch", poor, there, Use.BATCH, prefix, GRANT),
        Arguments.of("for metadata", poor, there, Use.METADATA, prefix, GRANT),
        Arguments.of("for a webhook", poor, there, Use.WEBHOOK, prefix, SERVICE_GRANT),
        Arguments.of("not installed", app, "nowhere", Use.AGENT, prefix, "CrmSchema"),
        Arguments.of("nor users", app, "nowhere", Use.USERS, prefix, "CrmSchema"),
        Arguments.of("an unknown agent", app, there, Use.AGENT, UNKNOWN, UNKNOWN_TOLD),
        Arguments.of("by a user", app, there, Use.USER_OF_NOBODY, UNKNOWN, UNKNOWN_TOLD),
        Arguments.of("in a transaction", app, there, Use.TRANSACTION, UNKNOWN, UNKNOWN_TOLD),
        Arguments.of("no user", app, there, Use.AGENT, without.prefix(), "has no user"),
        Arguments.of("nobody", app, there, Use.USER_OF_NOBODY, prefix, "row-level security"),
        Arguments.of("a wrong query", app, there, Use.OWN_SQL, prefix, "22012"),
        Arguments.of("nothing", app, there, Use.NOTHING_WRONG, prefix, "nothing"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void firstExceptionIsTheTrueOne(
      String name, String as, String schema, Use use, String prefix, String told) throws Exception {
    for (boolean hosts : new boolean[] {false, true}) {
      Outcome outcome = FirstFailure.of(as, schema, use, prefix, hosts);

      assertThat(outcome.told()).as("%s, host's: %s", outcome.logged(), hosts).hasSize(2);
      String first = outcome.told().get(0);
      assertThat(first).isEqualTo(outcome.told().get(1)).contains(told);
      assertThat(outcome.logged()).noneMatch(line -> line.contains("Cannot obtain"));
    }
  }
}
