package dev.dovetable.schema.archive;

import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.SqlErrors;
import dev.dovetable.schema.internal.settings.Names;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What keeps an archive from being imported, as far as its manifest tells, and what the new agent
 * lacks then. Read in one transaction, on the path of both schemas.
 *
 * @param refusals why it can't be; empty if it can
 * @param missing versions that are registered here and that the archived agent hadn't
 * @param suffixes the tables that its versions make here
 * @param namingAgents its extensions whose SQL names the agent's id
 */
record Obstacles(
    List<String> refusals,
    List<Manifest.Version> missing,
    Set<String> suffixes,
    List<String> namingAgents) {
  /** The library's own changes to tables, which every new agent has. */
  private static final String OWN = "crm";

  private record Registered(
      Manifest.Version version, Set<String> checksums, List<String> tables, boolean namesAgent) {
    static Registered read(ResultSet row) throws SQLException {
      Set<String> checksums = new HashSet<>(Jdbc.texts(row, "replaced"));
      checksums.add(row.getString("checksum"));
      return new Registered(
          new Manifest.Version(
              row.getString("extension"), row.getLong("version"), row.getString("checksum")),
          checksums,
          Jdbc.texts(row, "tables"),
          row.getBoolean("names_agent"));
    }
  }

  static Obstacles of(
      Connection connection, Manifest manifest, String prefix, ImportOptions options)
      throws SQLException {
    List<String> refusals = new ArrayList<>();
    Optional<String> notOwner = notTheOwner(connection);
    if (notOwner.isPresent()) {
      // Whoever isn't can't ask the rest.
      return new Obstacles(List.of(notOwner.get()), List.of(), Set.of(), List.of());
    }
    Map<String, Registered> here = new LinkedHashMap<>();
    Jdbc.query(connection, Sql.read("registered.sql"), Registered::read)
        .forEach(one -> here.put(one.version().label(), one));
    Set<String> suffixes =
        new TreeSet<>(Set.of("customers", Manifest.MESSAGES, "orders", "orders_items"));
    Set<String> namingAgents = new TreeSet<>();
    for (Manifest.Version version : manifest.versions()) {
      Registered registered = here.remove(version.label());
      if (registered == null) {
        refusals.add("version " + version.label() + " isn't registered here");
      } else if (!registered.checksums().contains(version.checksum())) {
        refusals.add("version " + version.label() + " has another text here");
      } else {
        suffixes.addAll(registered.tables());
        if (registered.namesAgent()) {
          namingAgents.add(version.extension());
        }
      }
    }
    List<Manifest.Version> missing = here.values().stream().map(Registered::version).toList();
    missing.stream()
        .filter(version -> version.extension().equals(OWN))
        .forEach(version -> refusals.add("the archived agent lacks version " + version.label()));
    manifest.tables().stream()
        .map(Manifest.Table::suffix)
        .filter(suffix -> refusals.isEmpty() && !suffixes.contains(suffix))
        .forEach(suffix -> refusals.add("no version of it makes a table " + suffix));
    addOfBelongings(connection, manifest, refusals);
    addOfAgent(connection, manifest, prefix, options, refusals);
    return new Obstacles(List.copyOf(refusals), missing, suffixes, List.copyOf(namingAgents));
  }

  private static Optional<String> notTheOwner(Connection connection) throws SQLException {
    return Jdbc.querySingle(
        connection,
        Sql.read("is_owner.sql"),
        row ->
            row.getBoolean("is_owner")
                ? Optional.empty()
                : Optional.of(
                    "role %s isn't the one that installed, %s, or a member of it"
                        .formatted(row.getString("role"), row.getString("owner"))));
  }

  private static void addOfBelongings(
      Connection connection, Manifest manifest, List<String> refusals) throws SQLException {
    Savepoint savepoint = connection.setSavepoint();
    try {
      Jdbc.run(connection, Sql.read("belongings.sql"), manifest.text());
    } catch (SQLException e) {
      if (SqlErrors.isUnreachable(e)) {
        throw e;
      }
      connection.rollback(savepoint);
      refusals.add("members, numbers or configuration in its manifest can't be read");
    }
    connection.releaseSavepoint(savepoint);
  }

  private static void addOfAgent(
      Connection connection,
      Manifest manifest,
      String prefix,
      ImportOptions options,
      List<String> refusals)
      throws SQLException {
    if (!Names.isPrefix(prefix)) {
      refusals.add(
          "a prefix has 1 to 20 characters: a lower-case letter, then lower-case letters, digits"
              + " and underscores");
      return;
    }
    Jdbc.querySingle(
        connection,
        Sql.read("here.sql"),
        row -> {
          if (manifest.schemaVersion() > row.getLong("schema_version")) {
            refusals.add("it is of a newer release of this library: upgrade this database");
          }
          String taken = row.getString("taken_names");
          if (row.getBoolean("is_taken")) {
            refusals.add("agent_prefix " + prefix + " is taken by another agent");
          } else if (taken != null) {
            refusals.add("agent_prefix " + prefix + " would need names that are taken: " + taken);
          } else if (row.getBoolean("has_tables")) {
            refusals.add("tables of a deleted agent still carry agent_prefix " + prefix);
          }
          if (!row.getBoolean("has_user")) {
            refusals.add("there is no user " + options.user());
          }
          String other = row.getString("other_agent");
          if (other != null) {
            refusals.add("user " + options.user() + " already has agent " + other);
          }
          if (!row.getBoolean("has_creator")) {
            refusals.add("there is no user " + options.createdBy());
          }
          return refusals;
        },
        prefix,
        options.user().toString(),
        options.createdBy().toString());
  }
}
