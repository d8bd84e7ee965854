package dev.dovetable.schema.install;

import dev.dovetable.schema.install.SchemaStatus.State;
import dev.dovetable.schema.internal.files.Script;
import dev.dovetable.schema.internal.files.Scripts;
import dev.dovetable.schema.internal.jdbc.Probe;
import dev.dovetable.schema.internal.jdbc.Probe.Installed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What follows from the findings.
 *
 * @param status what a caller is told
 * @param recorded whether there is a history; an installation made by psql has none
 * @param editedScripts files whose recorded checksum is neither this library's nor that of an
 *     earlier release
 */
record Diagnosis(SchemaStatus status, boolean recorded, List<String> editedScripts) {

  /** The oldest version of PostgreSQL that is still maintained. */
  static final int MINIMUM_SERVER_VERSION = 150000;

  static Diagnosis of(Probe findings, Scripts scripts, String schema) {
    return new Rules(findings, scripts, schema).diagnose();
  }

  State state() {
    return status.state();
  }

  /** For whoever names the application's login; the installer sees to memberships by itself. */
  SchemaStatus withLogin(Probe findings, Optional<String> loginRole) {
    if (!status.isCurrent() || loginRole.isEmpty() || !findings.loginLacksRole()) {
      return status;
    }
    return new SchemaStatus(
        State.MODIFIED,
        status.schema(),
        status.installedVersion(),
        status.libraryVersion(),
        List.of(
            "role "
                + findings.loginRole()
                + " is no member of authenticated and service_role, which the library acts as"));
  }

  private record Rules(Probe findings, Scripts scripts, String schema) {

    Diagnosis diagnose() {
      // The history there is another installation's, too.
      if (!findings.history().isEmpty() && !findings.isPrivateSchemaForeign()) {
        return recorded();
      }
      return findings.foreignFindings().isEmpty()
          ? unrecorded()
          : diagnosis(State.FOREIGN, Optional.empty(), findings.foreignFindings(), List.of());
    }

    private Diagnosis recorded() {
      int installed = findings.history().stream().mapToInt(Installed::version).max().orElseThrow();
      if (installed > scripts.version()) {
        return diagnosis(
            State.NEWER,
            Optional.of(installed),
            List.of(
                "version " + installed + " is installed, this library knows " + scripts.version()),
            List.of());
      }
      List<String> edited = editedScripts();
      if (!edited.isEmpty()) {
        List<String> details =
            edited.stream().map(path -> path + " is not the file that was installed").toList();
        return diagnosis(State.MODIFIED, Optional.of(installed), details, edited);
      }
      if (installed < scripts.version()) {
        return diagnosis(
            State.OUTDATED,
            Optional.of(installed),
            List.of(
                "version " + installed + " is installed, this library brings " + scripts.version()),
            List.of());
      }
      List<String> earlier = earlierScripts();
      if (!earlier.isEmpty()) {
        return diagnosis(
            State.OUTDATED,
            Optional.of(installed),
            earlier.stream().map(path -> path + " is that of an earlier release").toList(),
            List.of());
      }
      List<String> lost = new ArrayList<>(unrecordedScripts(installed));
      lost.addAll(findings.missingObjects());
      lost.addAll(findings.missingAbilities());
      lost.addAll(findings.filesNotRun());
      if (!lost.isEmpty()) {
        return diagnosis(State.MODIFIED, Optional.of(installed), lost, List.of());
      }
      if (findings.agentsBehind() > 0) {
        return diagnosis(
            State.AGENTS_BEHIND,
            Optional.of(installed),
            List.of(
                "tables of " + findings.agentsBehind() + " agents are those of an older version"),
            List.of());
      }
      return diagnosis(State.CURRENT, Optional.of(installed), List.of(), List.of());
    }

    private Diagnosis unrecorded() {
      Set<String> tables = Set.copyOf(findings.baseTables());
      if (!tables.contains("users") || !tables.contains("agents")) {
        List<String> details =
            tables.isEmpty()
                ? List.of()
                : List.of("an incomplete installation: only " + findings.baseTables());
        return diagnosis(State.EMPTY, Optional.empty(), details, List.of());
      }
      int version = recognisedVersion(tables);
      List<String> details = new ArrayList<>();
      details.add("there is no history: installed without this library, or before it kept one");
      if (version < scripts.version()) {
        details.add(
            "the tables are those of version "
                + version
                + ", this library brings "
                + scripts.version());
      }
      details.addAll(findings.missingObjects());
      details.addAll(findings.missingAbilities());
      details.addAll(findings.filesNotRun());
      boolean current =
          version == scripts.version()
              && findings.missingObjects().isEmpty()
              && findings.missingAbilities().isEmpty();
      return diagnosis(
          current ? State.CURRENT : State.OUTDATED, Optional.of(version), details, List.of());
    }

    /**
     * Only installations from before the history was kept, so the first three migrations are all
     * that can be missing.
     */
    private int recognisedVersion(Set<String> tables) {
      if (!tables.contains("whatsapp_configuration")) {
        return 0;
      }
      if (!findings.hasVerifyToken()) {
        return 1;
      }
      return findings.hasOrdersWithoutTotal() ? 2 : 3;
    }

    /**
     * Schema files may change with each version, and with each release of one version. A migration
     * changes only what it doesn't do: its comments, and how it is made one transaction.
     */
    private List<String> editedScripts() {
      Set<String> migrations =
          scripts.migrations().stream().map(Script::path).collect(Collectors.toSet());
      Set<String> edited = new TreeSet<>(Comparator.naturalOrder());
      for (Installed row : findings.history()) {
        boolean comparable =
            row.version() == scripts.version() || migrations.contains(row.script());
        Script script = scripts.byPath().get(row.script());
        boolean isOurs =
            script != null && script.checksum().equals(row.checksum())
                || scripts.isEarlier(row.script(), row.checksum());
        if (comparable && !isOurs) {
          edited.add(row.script());
        }
      }
      return List.copyOf(edited);
    }

    /** Of this version, what was run last. Migrations that were run are not run again. */
    private List<String> earlierScripts() {
      Map<String, String> current =
          scripts.complete().stream().collect(Collectors.toMap(Script::path, Script::checksum));
      return findings.history().stream()
          .filter(row -> row.version() == scripts.version())
          .filter(row -> current.containsKey(row.script()))
          .filter(row -> !row.checksum().equals(current.get(row.script())))
          .map(Installed::script)
          .toList();
    }

    private List<String> unrecordedScripts(int installed) {
      Set<String> recorded =
          findings.history().stream()
              .filter(row -> row.version() == installed)
              .map(Installed::script)
              .collect(Collectors.toSet());
      return scripts.complete().stream()
          .map(Script::path)
          .filter(path -> !recorded.contains(path))
          .map(path -> path + " is not recorded for version " + installed)
          .toList();
    }

    private Diagnosis diagnosis(
        State state, Optional<Integer> version, List<String> details, List<String> editedScripts) {
      SchemaStatus status = new SchemaStatus(state, schema, version, scripts.version(), details);
      return new Diagnosis(status, !findings.history().isEmpty(), editedScripts);
    }
  }
}
