package dev.wacrm.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.jooq.impl.DSL;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** However the driver cuts up what it is given, a statement runs as its actor. */
class DriverModesTest extends DatabaseTest {
  private static final int MORE_THAN_THE_PREPARE_THRESHOLD = 8;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prepareThreshold=5",
        "prepareThreshold=0",
        "prepareThreshold=1&stringtype=unspecified",
        "prepareThreshold=1&binaryTransfer=true",
        "stringtype=unspecified",
        "preferQueryMode=simple",
        "preferQueryMode=extendedForPrepared",
        "preferQueryMode=extendedCacheEverything&stringtype=unspecified"
      })
  void runsAsTheAgentsUser(String options) {
    Agent agent = newAgent();
    UUID user = agent.userId().orElseThrow();
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setUrl(database.jdbcUrl(login) + separator() + options);
    TenantScope scope = crm(dataSource).tenant(agent.prefix());

    for (int i = 0; i < MORE_THAN_THE_PREPARE_THRESHOLD; i++) {
      assertThat(
              scope
                  .dsl()
                  .select(
                      DSL.field("current_user::text", String.class),
                      DSL.field("auth.uid()", UUID.class),
                      DSL.field("repeat({0}, 3)", String.class, DSL.val("x")))
                  .fetchSingle()
                  .intoArray())
          .containsExactly("authenticated", user, "xxx");
    }
  }

  private static String separator() {
    return database.jdbcUrl(login).contains("?") ? "&" : "?";
  }
}
