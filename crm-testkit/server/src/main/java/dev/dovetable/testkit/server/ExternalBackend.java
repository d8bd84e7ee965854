package dev.dovetable.testkit.server;

import static java.util.Objects.requireNonNullElse;

import dev.dovetable.testkit.server.PostgresServer.Source;
import dev.dovetable.testkit.server.Settings.Value;
import dev.dovetable.testkit.server.internal.Jvm;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server that was there before: only databases and roles of the test kit's own are touched. */
final class ExternalBackend implements Backend {

  private static final Logger log = LoggerFactory.getLogger(ExternalBackend.class);

  /** Every database and the end of every role that the test kit makes on servers of others. */
  static final String PREFIX = "crmtk_";

  static final String EXAMPLE = "jdbc:postgresql://localhost:5432/postgres";

  private static final Pattern NAME =
      Pattern.compile("(?:.*_)?" + PREFIX + "(?<jvm>[0-9a-f]{8}_[0-9]+_[0-9a-z]+)_[0-9]+");

  private final String url;
  private final String user;
  private final Optional<String> password;

  private ExternalBackend(String url, String user, Optional<String> password) {
    this.url = url;
    this.user = user;
    this.password = password;
  }

  static ExternalBackend of(Settings settings) {
    Value url =
        settings
            .get(Settings.URL)
            .orElseThrow(
                () ->
                    new PostgresServerException(
                        "The source external needs crm.testkit.url, such as " + EXAMPLE + "."));
    PGSimpleDataSource parsed = new PGSimpleDataSource();
    if (!isAddress(url.text())) {
      // It may hold a password, and isn't repeated.
      throw new PostgresServerException(
          "crm.testkit.url, set by %s, is no address of PostgreSQL's driver. Allowed: %s."
              .formatted(url.origin(), "jdbc:postgresql://<host>:<port>/<database>"));
    }
    parsed.setUrl(url.text());
    String user =
        settings
            .get(Settings.USER)
            .map(Value::text)
            .orElseGet(() -> requireNonNullElse(parsed.getUser(), "postgres"));
    Optional<String> password =
        settings
            .get(Settings.PASSWORD)
            .map(Value::text)
            .or(() -> Optional.ofNullable(parsed.getPassword()));
    return new ExternalBackend(url.text(), user, password);
  }

  static boolean isAddress(String url) {
    try {
      new PGSimpleDataSource().setUrl(url);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public Source source() {
    return Source.EXTERNAL;
  }

  @Override
  public String administrator() {
    return user;
  }

  @Override
  public void address(PGSimpleDataSource dataSource, String database, String role) {
    dataSource.setUrl(url);
    if (!database.isEmpty()) {
      dataSource.setDatabaseName(database);
    }
    dataSource.setUser(role);
    dataSource.setPassword(role.equals(user) ? password.orElse(null) : null);
  }

  @Override
  public boolean isForeign() {
    return true;
  }

  @Override
  public void removeLeftBehind(Admin admin) {
    List<String> databases =
        admin.queryStrings(
            """
            select datname from pg_catalog.pg_database
            where datname like 'crmtk\\_%' and pg_catalog.pg_get_userbyid(datdba) = current_user
            """);
    List<String> roles =
        admin.queryStrings(
            "select rolname from pg_catalog.pg_roles where rolname like '%\\_crmtk\\_%'");
    try {
      for (String database : databases) {
        if (isLeftBehind(database)) {
          admin.execute("drop database if exists %I with (force)", database);
          log.info("Dropped the database {} that a killed JVM left behind", database);
        }
      }
      for (String role : roles) {
        if (isLeftBehind(role)) {
          admin.dropRole(role);
        }
      }
    } catch (PostgresServerException e) {
      // Another JVM may be at the same work.
      log.warn("What killed JVMs left on the server can't be removed: {}", e.getMessage());
    }
  }

  private static boolean isLeftBehind(String name) {
    var matcher = NAME.matcher(name);
    return matcher.matches() && Jvm.parse(matcher.group("jvm")).filter(Jvm::isDead).isPresent();
  }

  @Override
  public void close() {}
}
