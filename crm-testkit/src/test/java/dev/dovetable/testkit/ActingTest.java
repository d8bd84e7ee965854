package dev.dovetable.testkit;

import static dev.dovetable.testkit.CrmAssertions.assertThat;
import static dev.dovetable.testkit.CrmAssertions.assertThatThrownBy;

import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Acting as somebody, and what connections of the kit don't hand on. */
@CrmTest
class ActingTest {
  private static CrmDatabase database;
  private static UUID userOfA;

  @BeforeAll
  static void makeAgents(CrmDatabase database) {
    ActingTest.database = database;
    userOfA = database.agent("agt_a").withCustomers(2).userId();
    database.agent("agt_b").withCustomers(3);
  }

  @Test
  void crmAsSomebody() {
    assertThat(database.as(userOfA).tenant("agt_a").customers().count()).isEqualTo(2);
    assertThat(database.as(userOfA).tenant("agt_b").customers().count()).isZero();
    assertThat(database.asService().tenant("agt_b").customers().count()).isEqualTo(3);
    assertThatThrownBy(() -> database.asAnonymous().tenant("agt_a").customers().count())
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void plainJdbcAsAUser() throws SQLException {
    try (Connection connection = database.connect(Actor.user(userOfA))) {
      assertThat(answers(connection, "select auth.uid() || ' ' || auth.role()"))
          .containsExactly(userOfA + " authenticated");
      assertThat(answers(connection, "select count(*) from agt_a_customers")).containsExactly("2");
      assertThat(answers(connection, "select count(*) from agt_b_customers")).containsExactly("0");
    }
  }

  @Test
  void plainJdbcAsTheServiceAndAsNobody() throws SQLException {
    try (Connection connection = database.connect(Actor.service())) {
      assertThat(answers(connection, "select count(*) from agt_b_customers")).containsExactly("3");
    }
    try (Connection connection = database.connect(Actor.anonymous())) {
      assertThat(answers(connection, "select current_user || coalesce(auth.uid()::text, '')"))
          .containsExactly("anon");
      assertThatThrownBy(() -> answers(connection, "select 1 from agt_a_customers"))
          .hasMessageContaining("permission denied");
    }
  }

  @Test
  void nobodyIsHandedOn(DataSource dataSource) throws SQLException {
    database.connect(Actor.user(userOfA)).close();
    try (Connection connection = dataSource.getConnection()) {
      connection.setReadOnly(true);
      connection.setSchema("crm_private");
    }
    try (Connection connection = dataSource.getConnection()) {
      assertThat(connection.isReadOnly()).isFalse();
      assertThat(connection.getAutoCommit()).isTrue();
      assertThat(
              answers(
                  connection,
                  "select current_schema() || current_setting('role')"
                      + " || coalesce(current_setting('request.jwt.claims', true), '')"))
          .containsExactly("publicnone");
    }
  }

  @Test
  void connectionsAreKeptForTheNextTaker(DataSource dataSource) throws SQLException {
    String first;
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      first = answers(connection, "select pg_backend_pid()").get(0);
      connection.commit();
    }
    Connection next = dataSource.getConnection();
    assertThat(answers(next, "select pg_backend_pid()")).containsExactly(first);
    next.close();
    assertThat(next.isClosed()).isTrue();
    assertThatThrownBy(next::createStatement).isInstanceOf(SQLException.class);
    next.close();
  }

  private static List<String> answers(Connection connection, String query) throws SQLException {
    return Query.strings(connection, query);
  }
}
