package dev.dovetable.examples.cli.database;

import dev.dovetable.examples.cli.failures.CliException;
import dev.dovetable.examples.cli.failures.ExitStatus;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbcurlresolver.PgServiceConfParser;

/**
 * Where the database is and who logs in, put together as psql does: what the address says, then
 * what the service says, then the environment variables, then defaults. Immutable.
 */
final class DatabaseAddress {
  static final String JDBC_URL = "jdbc:postgresql:///";

  private static final Pattern WITH_AUTHORITY =
      Pattern.compile("(jdbc:)?postgres(?:ql)?://([^/?]*)(?:/([^?]*))?(?:\\?(.*))?");
  private static final Pattern DATABASE_ONLY =
      Pattern.compile("jdbc:postgresql:([^/?]*)(?:\\?(.*))?");
  private static final String PORT = "5432";

  private final Properties properties;

  private DatabaseAddress(Properties properties) {
    this.properties = properties;
  }

  /**
   * Reads the address and fills in what it doesn't say.
   *
   * @throws CliException if it is malformed, or holds a password; the message never repeats it
   */
  static DatabaseAddress of(Optional<String> url, Map<String, String> environment) {
    Properties properties = new Properties();
    url.ifPresent(text -> read(text, properties));
    service(properties, environment).ifPresent(service -> addMissing(properties, service));
    for (ConnectionSetting setting : ConnectionSetting.values()) {
      String value = environment.getOrDefault(setting.variable(), "");
      if (!value.isEmpty()) {
        properties.putIfAbsent(setting.property(), setting.toDriver(value));
      }
    }
    // It is resolved already, and the driver would rank it below the environment.
    properties.remove(ConnectionSetting.SERVICE.property());
    setDefault(properties, ConnectionSetting.HOST, "localhost");
    setDefault(properties, ConnectionSetting.PORT, PORT);
    setDefault(properties, ConnectionSetting.USER, System.getProperty("user.name", ""));
    setDefault(
        properties,
        ConnectionSetting.DATABASE,
        properties.getProperty(ConnectionSetting.USER.property()));
    setDefault(properties, ConnectionSetting.APPLICATION_NAME, "dovetable-cli");
    DatabaseAddress address = new DatabaseAddress(properties);
    if (address.get(ConnectionSetting.HOST).startsWith("/")) {
      throw usage(
          "The host is the directory of a Unix socket, and Java's driver speaks TCP only. Set"
              + " PGHOST=localhost, or name the host in --url.");
    }
    return address;
  }

  /** For {@link java.sql.DriverManager}, along with {@link #JDBC_URL}. */
  Properties properties() {
    Properties copy = new Properties();
    copy.putAll(properties);
    return copy;
  }

  DatabaseAddress withPassword(String password) {
    Properties copy = properties();
    copy.setProperty(ConnectionSetting.PASSWORD.property(), password);
    return new DatabaseAddress(copy);
  }

  boolean hasPassword() {
    return properties.containsKey(ConnectionSetting.PASSWORD.property());
  }

  String user() {
    return get(ConnectionSetting.USER);
  }

  String database() {
    return get(ConnectionSetting.DATABASE);
  }

  /** {@code host:port}. */
  String server() {
    return get(ConnectionSetting.HOST) + ":" + get(ConnectionSetting.PORT);
  }

  private String get(ConnectionSetting setting) {
    return properties.getProperty(setting.property(), "");
  }

  private static void read(String url, Properties properties) {
    Matcher full = WITH_AUTHORITY.matcher(url);
    Matcher local = DATABASE_ONLY.matcher(url);
    if (full.matches()) {
      readAuthority(full.group(2), properties);
      setIfGiven(properties, ConnectionSetting.DATABASE, full.group(3));
      readParameters(full.group(4), full.group(1) != null, properties);
    } else if (local.matches()) {
      setIfGiven(properties, ConnectionSetting.DATABASE, local.group(1));
      readParameters(local.group(2), true, properties);
    } else {
      throw usage(
          "--url must look like postgresql://user@host:5432/database or"
              + " jdbc:postgresql://host:5432/database?user=user.");
    }
  }

  private static void readAuthority(String authority, Properties properties) {
    int at = authority.lastIndexOf('@');
    if (at >= 0) {
      String user = authority.substring(0, at);
      if (user.contains(":")) {
        throw passwordInUrl();
      }
      setIfGiven(properties, ConnectionSetting.USER, user);
    }
    String hosts = authority.substring(at + 1);
    if (!hosts.isEmpty()) {
      StringBuilder names = new StringBuilder();
      StringBuilder ports = new StringBuilder();
      for (String host : hosts.split(",")) {
        int colon = host.lastIndexOf(':');
        boolean hasPort = colon > host.lastIndexOf(']');
        String comma = names.isEmpty() ? "" : ",";
        names.append(comma).append(hasPort ? host.substring(0, colon) : host);
        ports.append(comma).append(hasPort ? host.substring(colon + 1) : PORT);
      }
      if (!ports.toString().matches("[\\d,]+")) {
        throw usage("The port in --url must be a number.");
      }
      setIfGiven(properties, ConnectionSetting.HOST, names.toString());
      setIfGiven(properties, ConnectionSetting.PORT, ports.toString());
    }
  }

  private static void readParameters(@Nullable String query, boolean jdbc, Properties properties) {
    if (query == null || query.isEmpty()) {
      return;
    }
    for (String parameter : query.split("&")) {
      int equals = parameter.indexOf('=');
      String name = decoded(equals < 0 ? parameter : parameter.substring(0, equals));
      String value = equals < 0 ? "" : decoded(parameter.substring(equals + 1));
      if (name.toLowerCase(Locale.ROOT).endsWith("password")) {
        throw passwordInUrl();
      }
      if (jdbc) {
        properties.setProperty(name, value);
      } else {
        ConnectionSetting setting =
            ConnectionSetting.ofKeyword(name)
                .orElseThrow(
                    () ->
                        usage(
                            "The parameter %s in --url isn't known here; with a jdbc:postgresql://"
                                    .formatted(name)
                                + " address, all of the driver's are."));
        properties.setProperty(setting.property(), setting.toDriver(value));
      }
    }
  }

  private static Optional<Properties> service(
      Properties properties, Map<String, String> environment) {
    String name =
        properties.getProperty(
            ConnectionSetting.SERVICE.property(),
            environment.getOrDefault(ConnectionSetting.SERVICE.variable(), ""));
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Properties service = PgServiceConfParser.getServiceProperties(name);
    if (service == null) {
      throw usage(
          "The service %s isn't in ~/.pg_service.conf, nor where PGSERVICEFILE says."
              .formatted(name));
    }
    return Optional.of(service);
  }

  private static void addMissing(Properties properties, Properties more) {
    more.stringPropertyNames()
        .forEach(name -> properties.putIfAbsent(name, more.getProperty(name)));
  }

  private static void setDefault(Properties properties, ConnectionSetting setting, String value) {
    properties.putIfAbsent(setting.property(), value);
  }

  private static void setIfGiven(
      Properties properties, ConnectionSetting setting, @Nullable String text) {
    if (text != null && !text.isEmpty()) {
      properties.setProperty(setting.property(), decoded(text));
    }
  }

  private static String decoded(String text) {
    try {
      // A plus is a plus here, not a blank as in forms.
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw usage("--url has a % that two hexadecimal digits don't follow.");
    }
  }

  private static CliException passwordInUrl() {
    return usage(
        "--url holds a password, and all users of this machine can read it in the list of"
            + " processes. Take it out; use PGPASSWORD or ~/.pgpass, or type it when asked.");
  }

  private static CliException usage(String message) {
    return new CliException(ExitStatus.USAGE, message);
  }
}
