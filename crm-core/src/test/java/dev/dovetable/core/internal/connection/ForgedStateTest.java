package dev.dovetable.core.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.HostileSql;
import dev.dovetable.testkit.server.wire.OneConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Whoever learnt the secret of a {@link SavedState} could have another state put back. It is a
 * parameter, which pgjdbc writes into the text in its simple query mode, where {@code
 * current_query()} shows it to what is in the same text.
 */
class ForgedStateTest extends DatabaseTest {
  private static final String SECRET = "[0-9a-f]{32}";

  @ParameterizedTest
  @ValueSource(strings = {"simple", "extended", "extendedForPrepared", "extendedCacheEverything"})
  void savedStateIsNotForged(String mode) throws SQLException {
    String prefix = newAgent().prefix();
    List<String> attacks =
        Stream.concat(HostileSql.all(), Stream.of(forging("own"), forging("hosts"))).toList();
    for (String attack : attacks) {
      try (Connection connection = connect(mode)) {
        TenantScope scope = crm(OneConnection.of(connection)).asAgent(prefix);
        Map<String, String> before = HostileSql.state(connection);
        assertThat((String) scope.dsl().fetchValue("select current_query()"))
            .contains("current_query")
            .doesNotContainPattern(SECRET);

        catchThrowable(() -> scope.dsl().execute(attack));
        catchThrowable(() -> scope.transaction(tx -> tx.dsl().execute(attack)));

        // A connection whose transaction was ended by the attack may have been given up.
        if (!connection.isClosed()) {
          assertThat(HostileSql.state(connection)).as(attack).isEqualTo(before);
        }
      }
    }
  }

  /** Seals a state of its own with whatever looks like a secret. */
  private static String forging(String whose) {
    return """
        select set_config('crm.saved_%1$s', forged, true),
          set_config(
            'crm.seal_%1$s',
            encode(sha256(convert_to(substring(current_query() from '%2$s') || forged, 'UTF8')), 'hex'),
            true)
        from (values ('{"role":"service_role","row_security":"off"}')) as state (forged)
        """
        .formatted(whose, SECRET);
  }

  private static Connection connect(String mode) throws SQLException {
    PGSimpleDataSource connections = new PGSimpleDataSource();
    connections.setUrl(database.jdbcUrl(login) + "&preferQueryMode=" + mode);
    return connections.getConnection();
  }
}
