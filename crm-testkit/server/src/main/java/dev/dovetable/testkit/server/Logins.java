package dev.dovetable.testkit.server;

import dev.dovetable.testkit.server.internal.SessionZoneDataSource;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Who logs in to a server, and how: its administrator, and the roles made for tests. */
final class Logins {
  private static final int PASSWORD_BYTES = 16;

  private final Backend backend;
  private final String timeZone;
  private final Admin admin;

  /** Of the roles made on a server where one is needed. */
  private final Map<String, String> passwords = new ConcurrentHashMap<>();

  Logins(Backend backend, String timeZone) {
    this.backend = backend;
    this.timeZone = timeZone;
    this.admin = new Admin(administratorOf(backend.isForeign() ? "" : "postgres"));
  }

  Admin admin() {
    return admin;
  }

  String administrator() {
    return backend.administrator();
  }

  SessionZoneDataSource administratorOf(String database) {
    return dataSource(administrator(), database);
  }

  SessionZoneDataSource dataSource(String role, String database) {
    SessionZoneDataSource dataSource = new SessionZoneDataSource(timeZone);
    backend.address(dataSource, database, role);
    String password = passwords.get(role);
    if (password != null) {
      dataSource.setPassword(password);
    }
    return dataSource;
  }

  void create(String role) {
    if (!backend.isForeign()) {
      admin.execute("create role %I login", role);
      return;
    }
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    admin.execute("create role %I login password %L", role, password);
    passwords.put(role, password);
  }

  void drop(String role) {
    admin.dropRole(role);
    passwords.remove(role);
  }

  /** Those of databases that nobody closed; but on a foreign server they end with the server. */
  void dropAll() {
    passwords.keySet().forEach(this::drop);
  }
}
