package dev.dovetable.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** That documents have the fields that the module's README lists, in its order. */
class JsonFieldsTest {
  private static final Pattern NAME = Pattern.compile("`(\\w+)`");

  private static OperatorDatabase database;
  private static String table;
  @TempDir private static Path folder;

  @BeforeAll
  static void open() throws SQLException, IOException {
    database = OperatorDatabase.empty();
    table = Files.readString(Path.of("README.md"));
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void areTheOnesListed() throws SQLException, IOException {
    JsonNode install = document("install", "install");
    elements("`files` of `install`", install.get("files"));
    elements("`notes`", install.get("notes"));
    database.execute("grant authenticated, service_role to " + database.operator());
    document("status", "status");
    document(
        "agents create",
        "agents create agt_1 --user b@x --user-name B --creator a@x --creator-name A");
    elements("`agents` of `agents list`", document("agents list", "agents list").get("agents"));
    elements("`agents` of `agents size`", document("agents size", "agents size").get("agents"));
    Files.writeString(folder.resolve("001_a.sql"), "alter table {customers} add column a text;");
    document("migrate --dry-run", "migrate --dry-run --extension e=" + folder);
    elements(
        "`agents` of `migrate`",
        document("migrate", "migrate --extension e=" + folder).get("agents"));
    database.execute("drop index agt_1_messages_direction_idx");
    JsonNode doctor = document("doctor", "doctor --repair --yes");
    elements("`findings`, `remaining`", doctor.get("findings"));
    elements("`repaired`", doctor.get("repaired"));
    JsonNode capacity = doctor.get("capacity");
    assertThat(capacity.propertyNames()).containsExactlyElementsOf(listed("`capacity`"));
    elements("`largest`", capacity.get("largest"));
    Files.writeString(folder.resolve("001_a.sql"), "alter table {customers} add column a  text;");
    document("extensions replace", "extensions replace e " + folder);
    String archive = folder.resolve("agt_1.zip").toString();
    elements(
        "`tables`",
        document("agents export", "agents export agt_1 --output " + archive).get("tables"));
    Result check = Result.of("agents", "check", archive, "--json");
    assertThat(check.json().propertyNames()).containsExactlyElementsOf(listed("`agents check`"));
    document("agents import", "agents import " + archive + " --as agt_2 --user a@x");
    document("agents delete", "agents delete agt_2 --yes");
    document("agents clone", "agents clone agt_1 --as agt_3 --user a@x");
    document("agents delete", "agents delete agt_3 --yes");
    document("agents delete", "agents delete agt_1 --yes");
    document("extensions withdraw", "extensions withdraw e 1");

    Result export = Result.of("export", folder.toString(), "--json");
    assertThat(export.json().propertyNames()).containsExactlyElementsOf(listed("`export`"));
  }

  private static JsonNode document(String row, String commandLine) {
    List<String> arguments = new ArrayList<>(List.of(commandLine.split(" ")));
    arguments.addAll(List.of("--json", "--url", database.url()));
    JsonNode document = Result.of(arguments.toArray(String[]::new)).json();
    assertThat(document.propertyNames()).as(row).containsExactlyElementsOf(listed("`" + row + "`"));
    return document;
  }

  private static void elements(String row, JsonNode array) {
    assertThat(array).as(row).isNotEmpty();
    assertThat(array.get(0).propertyNames()).as(row).containsExactlyElementsOf(listed(row));
  }

  private static List<String> listed(String firstCell) {
    String row =
        table
            .lines()
            .filter(line -> line.startsWith("| " + firstCell + " |"))
            .findFirst()
            .orElse("");
    assertThat(row).as(firstCell).isNotEmpty();
    return NAME.matcher(row.substring(firstCell.length() + 4))
        .results()
        .map(m -> m.group(1))
        .toList();
  }
}
