package dev.dovetable.schema.internal.files;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of this release, in the order in which they are run. Read once per class loader. */
public final class Scripts {
  /**
   * Migrations that change each agent's tables. The installer has AgentMigrations do that, by what
   * extensions.sql registers.
   */
  private static final Set<String> OF_AGENTS = Set.of("003_add_total_amount_to_orders");

  private static final Scripts CURRENT = load();

  private final Script supabaseCompat;
  private final List<Script> schema;
  private final List<Script> migrations;
  private final Map<String, Script> byPath = new TreeMap<>();
  private final Set<String> earlier =
      Resources.read("installer/earlier_files.txt")
          .lines()
          .filter(line -> !line.startsWith("#"))
          .collect(Collectors.toUnmodifiableSet());

  private Scripts(Script supabaseCompat, List<Script> schema, List<Script> migrations) {
    this.supabaseCompat = supabaseCompat;
    this.schema = schema;
    this.migrations = migrations;
    Stream.of(List.of(supabaseCompat), schema, migrations)
        .flatMap(List::stream)
        .forEach(script -> byPath.put(script.path(), script));
  }

  public static Scripts current() {
    return CURRENT;
  }

  private static Scripts load() {
    return new Scripts(
        Script.load("schema/supabase_compat.sql"),
        Stream.of(
                "enums",
                "base_tables",
                "dynamic_table_creation",
                "agent_management_functions",
                "indexes",
                "extensions",
                "identities",
                "webhooks",
                "changes",
                "directory")
            .map(name -> Script.load("schema/" + name + ".sql"))
            .toList(),
        // The n-th migration brings an installation to version n, so the order is the numbering.
        Stream.of(
                "001_create_whatsapp_configuration",
                "002_add_verify_token",
                "003_add_total_amount_to_orders")
            .map(name -> Script.load("migrations/" + name + ".sql"))
            .toList());
  }

  /** Roles and schema auth for a plain PostgreSQL; not for Supabase, which brings them. */
  public Script supabaseCompat() {
    return supabaseCompat;
  }

  /** The five files of the specification, then those beside them, one for each capability. */
  public List<Script> schema() {
    return schema;
  }

  public List<Script> migrations() {
    return migrations;
  }

  /** Schema version: the number of the newest migration. */
  public int version() {
    return migrations.size();
  }

  public Map<String, Script> byPath() {
    return byPath;
  }

  /** Whether an earlier release had this file, with other contents than today. */
  public boolean isEarlier(String path, String checksum) {
    return earlier.contains(checksum + "  " + path);
  }

  /** What a new installation runs, and what must be recorded for it. */
  public List<Script> complete() {
    return Stream.concat(Stream.of(supabaseCompat), schema.stream()).toList();
  }

  /**
   * What brings an older installation up to date, but for the tables of its agents. The migrations
   * alter the other tables first, so that the schema files, which may name what they add, find it.
   */
  public List<Script> upgradeFrom(int installedVersion) {
    List<Script> missing = migrations.subList(Math.min(installedVersion, version()), version());
    return upgradeBy(missing.stream().filter(script -> !OF_AGENTS.contains(script.name())));
  }

  /** What brings any older installation up to date with psql, agents and all. */
  public List<Script> upgradeByPsql() {
    return upgradeBy(migrations.stream());
  }

  private List<Script> upgradeBy(Stream<Script> missing) {
    return Stream.of(Stream.of(supabaseCompat), missing, schema.stream())
        .flatMap(Function.identity())
        .toList();
  }
}
