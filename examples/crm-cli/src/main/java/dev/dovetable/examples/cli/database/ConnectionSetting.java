package dev.dovetable.examples.cli.database;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * A setting of a connection: its name in postgresql:// addresses, in the environment, for the
 * driver.
 */
enum ConnectionSetting {
  HOST("host", "PGHOST", "PGHOST"),
  PORT("port", "PGPORT", "PGPORT"),
  DATABASE("dbname", "PGDATABASE", "PGDBNAME"),
  USER("user", "PGUSER", "user"),
  PASSWORD("password", "PGPASSWORD", "password"),
  SERVICE("service", "PGSERVICE", "service"),
  OPTIONS("options", "PGOPTIONS", "options"),
  APPLICATION_NAME("application_name", "PGAPPNAME", "ApplicationName"),
  CONNECT_TIMEOUT("connect_timeout", "PGCONNECT_TIMEOUT", "connectTimeout"),
  SSL_MODE("sslmode", "PGSSLMODE", "sslmode"),
  SSL_NEGOTIATION("sslnegotiation", "PGSSLNEGOTIATION", "sslNegotiation"),
  SSL_CERT("sslcert", "PGSSLCERT", "sslcert"),
  SSL_KEY("sslkey", "PGSSLKEY", "sslkey"),
  SSL_ROOT_CERT("sslrootcert", "PGSSLROOTCERT", "sslrootcert"),
  REQUIRE_AUTH("require_auth", "PGREQUIREAUTH", "requireAuth"),
  CHANNEL_BINDING("channel_binding", "PGCHANNELBINDING", "channelBinding"),
  GSS_ENC_MODE("gssencmode", "PGGSSENCMODE", "gssEncMode"),
  KERBEROS_NAME("krbsrvname", "PGKRBSRVNAME", "kerberosServerName"),
  TARGET("target_session_attrs", "PGTARGETSESSIONATTRS", "targetServerType") {
    @Override
    String toDriver(String value) {
      return TARGETS.getOrDefault(value, value);
    }
  };

  private static final Map<String, String> TARGETS =
      Map.of(
          "read-write", "primary",
          "read-only", "secondary",
          "standby", "secondary",
          "prefer-standby", "preferSecondary");

  private final String keyword;
  private final String variable;
  private final String property;

  ConnectionSetting(String keyword, String variable, String property) {
    this.keyword = keyword;
    this.variable = variable;
    this.property = property;
  }

  /** The name in {@code postgresql://} addresses and in service files. */
  String keyword() {
    return keyword;
  }

  /** The environment variable. */
  String variable() {
    return variable;
  }

  /** The driver's name for it. */
  String property() {
    return property;
  }

  /** The driver's word for a value of psql's. */
  String toDriver(String value) {
    return value;
  }

  static Optional<ConnectionSetting> ofKeyword(String keyword) {
    return Arrays.stream(values()).filter(setting -> setting.keyword.equals(keyword)).findFirst();
  }
}
