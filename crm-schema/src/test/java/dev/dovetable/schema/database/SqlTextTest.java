package dev.dovetable.schema.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What the text of the files must be, and that what they have to repeat is the same everywhere. */
class SqlTextTest {

  static final List<String> FILES =
      Stream.concat(SqlFiles.SCHEMA.stream(), SqlFiles.MIGRATIONS.stream()).toList();

  /** Makes nothing in the current schema. */
  private static final String COMPAT = "schema/supabase_compat.sql";

  @ParameterizedTest
  @FieldSource("FILES")
  void eachIsOneTransaction(String file) {
    List<String> lines = SqlFiles.read(file).lines().toList();
    assertThat(lines.get(0)).isEqualTo("begin;");
    assertThat(lines.get(lines.size() - 1)).isEqualTo("commit;");
    assertThat(statements(file))
        .filteredOn(
            one ->
                one.matches("(?is)(begin|start|commit|end|rollback|abort|savepoint|prepare)\\b.*"))
        .as("statements that begin or end a transaction")
        .containsExactly("begin", "commit");
  }

  @ParameterizedTest
  @FieldSource("FILES")
  void settingsEndWithTheTransaction(String file) {
    String text = SqlFiles.read(file);
    assertThat(matches("set_config\\([^;]*?, (true|false)\\)", text))
        .extracting(match -> match.group(1))
        .doesNotContain("false");
    assertThat(statements(file))
        .filteredOn(one -> one.matches("(?is)(set(?! local\\b)|reset|discard)\\b.*"))
        .as("settings of the session")
        .isEmpty();
  }

  @ParameterizedTest
  @FieldSource("FILES")
  void eachIsAscii(String file) {
    assertThat(SqlFiles.read(file)).matches("[\\p{ASCII}]*");
  }

  /** What it means would hang on standard_conforming_strings, and on backslash_quote. */
  @ParameterizedTest
  @FieldSource("FILES")
  void noneHasABackslash(String file) {
    assertThat(SqlFiles.read(file)).doesNotContain("\\");
  }

  /** Without comments, and without what is quoted: values, and the bodies of functions. */
  private static List<String> statements(String file) {
    String code =
        SqlFiles.read(file).replaceAll("(?s)'(?:[^']|'')*'|--[^\n]*|(\\$\\w*\\$).*?\\1", "");
    return Stream.of(code.split(";")).map(String::strip).filter(one -> !one.isEmpty()).toList();
  }

  /** PostgreSQL has it, the extension citus refuses it. */
  @ParameterizedTest
  @FieldSource("FILES")
  void noFunctionIsAlteredFromCurrent(String file) {
    assertThat(
            matches(
                "(?is)\\balter\\s+(function|procedure|routine)[^;]*from\\s+current",
                SqlFiles.read(file)))
        .isEmpty();
  }

  @Test
  void thePreambleIsTheSameInEachFile() {
    Map<String, List<String>> files =
        FILES.stream()
            .filter(file -> !file.equals(COMPAT))
            .collect(Collectors.groupingBy(SqlTextTest::preamble));
    assertThat(files).hasSize(1);
    assertThat(files.keySet().iterator().next())
        .contains("crm.schema_path", "crm.private_path", "lock_timeout", "statement_timeout");
  }

  private static String preamble(String file) {
    String text = SqlFiles.read(file);
    int begin = text.indexOf("-- All settings end with this transaction.");
    int end = text.indexOf("\n\n", begin);
    assertThat(begin).as(file).isPositive();
    return text.substring(begin, end);
  }

  /** The specification's come first, then helpers in the order of their use. */
  @Test
  void functionsOfTheSpecificationComeFirst() {
    assertThat(functions("schema/dynamic_table_creation.sql"))
        .startsWith("create_agent_tables", "drop_agent_tables", "create_agent_indexes");
    assertThat(functions("schema/agent_management_functions.sql"))
        .startsWith(
            "create_agent",
            "update_agent_details",
            "delete_agent",
            "create_whatsapp_config",
            "get_whatsapp_config",
            "update_whatsapp_config",
            "delete_whatsapp_config");
  }

  @Test
  void noFunctionIsMadeTwice() {
    assertThat(FILES.stream().flatMap(file -> functions(file).stream())).doesNotHaveDuplicates();
  }

  private static List<String> functions(String file) {
    return matches("(?m)^create or replace function (\\w+)\\(", SqlFiles.read(file)).stream()
        .map(match -> match.group(1))
        .toList();
  }

  /** A constraint can't ask the function that asks it. */
  @Test
  void thePrefixRuleIsOne() {
    List<String> rules = new ArrayList<>();
    for (String file : FILES) {
      matches("prefix(?:::text)? ~\\*? '([^']*)'", SqlFiles.read(file))
          .forEach(m -> rules.add(m.group(1)));
    }
    assertThat(rules).hasSize(2).containsOnly("^[a-z][a-z0-9_]{0,19}$");
  }

  /**
   * A call of a function that sets its own search_path costs more than these keys, where they are
   * needed most.
   */
  @Test
  void theKeysOfAdvisoryLocksAreTheSameInEachPlace() {
    Map<String, TreeSet<String>> places = new TreeMap<>();
    List<String> others = List.of("doctor/enter_agent.sql", "doctor/totals_query.sql");
    for (String file : Stream.concat(FILES.stream(), others.stream()).toList()) {
      String text =
          SqlFiles.read(file)
              .replace("pg_catalog.", "")
              .replaceAll("to_regclass\\('agents'\\)", "'agents'::regclass");
      for (MatchResult match :
          matches(
              "lock(_shared)?\\(hashtextextended\\((.*?), |return hashtextextended\\((.*?), ",
              text)) {
        String subject = match.group(2) == null ? match.group(3) : match.group(2);
        assertThat(text.substring(match.end())).startsWith("'agents'::regclass::oid::bigint)");
        places
            .computeIfAbsent(
                subject.replaceAll("\\b(a\\.)?(agent_)?prefix$|\\?::text$", "prefix"),
                key -> new TreeSet<>())
            .add(file);
      }
    }
    assertThat(places.keySet())
        .containsExactlyInAnyOrder(
            "prefix",
            "'migration of ' || prefix",
            "'webhooks of ' || prefix",
            "'crm provisioning'",
            "'building indexes'");
    assertThat(places.get("'migration of ' || prefix"))
        .containsExactlyInAnyOrder(
            "schema/dynamic_table_creation.sql", "schema/extensions.sql", "doctor/enter_agent.sql");
  }

  /** The installer asks before there is a file to ask. */
  @Test
  void theInstallerExpectsTheColumnsThatTheFileExpects() {
    Map<String, String> types =
        Map.of(
            "int8", "bigint",
            "varchar", "character varying",
            "bool", "boolean",
            "timestamptz", "timestamp with time zone");
    Map<String, String> ofFile = new TreeMap<>();
    String check = SqlFiles.read("schema/base_tables.sql");
    for (MatchResult table : matches("(?s)\\('(\\w+)', array\\[('id:.*?)\\]\\)", check)) {
      ofFile.put(
          table.group(1),
          matches("'(\\w+):(\\w+)'", table.group(2)).stream()
              .map(m -> m.group(1) + " " + types.getOrDefault(m.group(2), m.group(2)))
              .collect(Collectors.joining(", ")));
    }
    Map<String, String> ofInstaller = new TreeMap<>();
    BinaryOperator<String> both = (one, other) -> one + ", " + other;
    for (MatchResult column :
        matches(
            "\\('(\\w+)', \\d+, '(\\w+)', '([\\w ]+)'\\)", SqlFiles.read("installer/probe.sql"))) {
      ofInstaller.merge(column.group(1), column.group(2) + " " + column.group(3), both);
    }
    assertThat(ofInstaller).hasSize(3).isEqualTo(ofFile);
  }

  private static List<MatchResult> matches(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.results().toList();
  }
}
