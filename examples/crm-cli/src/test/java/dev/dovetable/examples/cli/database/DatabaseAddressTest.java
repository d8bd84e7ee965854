package dev.dovetable.examples.cli.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.examples.cli.failures.CliException;
import dev.dovetable.examples.cli.failures.ExitStatus;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseAddressTest {

  @ParameterizedTest
  @CsvSource({
    "postgresql://ada@db:6543/crm, ada, db:6543, crm",
    "postgres://ada@db/crm, ada, db:5432, crm",
    "postgresql://db/crm?user=ada, ada, db:5432, crm",
    "postgresql:///crm, env, envhost:1, crm",
    "postgresql://, env, envhost:1, envdb",
    "postgresql://[::1]:6543/crm, env, [::1]:6543, crm",
    "postgresql://[::1]/crm, env, [::1]:5432, crm",
    "postgresql://a%40b@db/c%2Fd, a@b, db:5432, c/d",
    "jdbc:postgresql://db:6543/crm, env, db:6543, crm",
    "jdbc:postgresql://db/crm?user=a+b, a+b, db:5432, crm",
    "jdbc:postgresql:crm, env, envhost:1, crm",
    "jdbc:postgresql:, env, envhost:1, envdb",
  })
  void whatTheAddressDoesNotSayComesFromTheEnvironment(
      String url, String user, String server, String database) {
    DatabaseAddress address = of(url);

    assertThat(address.user()).isEqualTo(user);
    assertThat(address.server()).isEqualTo(server);
    assertThat(address.database()).isEqualTo(database);
  }

  @Test
  void severalHosts() {
    assertThat(of("postgresql://a:1,b,c:3/crm?target_session_attrs=read-write").properties())
        .containsEntry("PGHOST", "a,b,c")
        .containsEntry("PGPORT", "1,5432,3")
        .containsEntry("targetServerType", "primary");
  }

  @Test
  void defaultsAreThoseOfPsql() {
    DatabaseAddress address = DatabaseAddress.of(Optional.empty(), Map.of("PGHOST", ""));

    assertThat(address.server()).isEqualTo("localhost:5432");
    assertThat(address.user()).isEqualTo(System.getProperty("user.name"));
    assertThat(address.database()).isEqualTo(address.user());
    assertThat(address.hasPassword()).isFalse();
    assertThat(address.properties()).containsEntry("ApplicationName", "dovetable-cli");
  }

  @Test
  void everyVariableReachesTheDriverUnderItsName() {
    Properties properties =
        DatabaseAddress.of(
                Optional.empty(),
                Map.of(
                    "PGSSLMODE", "verify-full",
                    "PGSSLROOTCERT", "/ca.pem",
                    "PGCONNECT_TIMEOUT", "7",
                    "PGOPTIONS", "-c jit=off",
                    "PGPASSWORD", "hidden",
                    "PGTARGETSESSIONATTRS", "prefer-standby"))
            .properties();

    assertThat(properties)
        .containsEntry("sslmode", "verify-full")
        .containsEntry("sslrootcert", "/ca.pem")
        .containsEntry("connectTimeout", "7")
        .containsEntry("options", "-c jit=off")
        .containsEntry("password", "hidden")
        .containsEntry("targetServerType", "preferSecondary");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://ada:hunter2@db/crm",
        "postgresql://ada:hunter2@db:5432,db2/crm",
        "postgresql://db/crm?password=hunter2",
        "postgresql://db/crm?user=ada&sslpassword=hunter2",
        "postgresql://db/crm?pass%77ord=hunter2",
        "jdbc:postgresql://db/crm?user=ada&password=hunter2",
        "jdbc:postgresql://db/crm?PASSWORD=hunter2",
        "jdbc:postgresql://ada:hunter2@db/crm",
        "jdbc:postgresql:crm?password=hunter2",
      })
  void refusesPasswordsWithoutRepeatingThem(String url) {
    assertThatThrownBy(() -> of(url))
        .isInstanceOfSatisfying(
            CliException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.USAGE))
        .hasMessageContaining("PGPASSWORD")
        .hasMessageContaining("processes")
        .hasMessageNotContaining("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "db/crm",
        "jdbc:mysql://db/crm",
        "postgresql:crm",
        "postgresql://db:port/crm",
        "postgresql://db/crm?nonsense=1",
        "postgresql://db/%zz",
        "postgresql://%2Fvar%2Frun%2Fpostgresql/crm",
      })
  void refusesWhatItCannotRead(String url) {
    assertThatThrownBy(() -> of(url))
        .isInstanceOfSatisfying(
            CliException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.USAGE));
  }

  private static DatabaseAddress of(String url) {
    return DatabaseAddress.of(
        Optional.of(url),
        Map.of("PGHOST", "envhost", "PGPORT", "1", "PGUSER", "env", "PGDATABASE", "envdb"));
  }
}
