package dev.dovetable.core.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.schema.internal.jdbc.SqlStates;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of the page about errors, row by row. */
class ErrorTableTest {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| ([^|]+) \\| `(\\w+)`(?: `(\\w+)`)? \\| (yes|no) \\| [^|]+ \\|$");
  private static final AgentIdentity SHOP = new AgentIdentity(BaseTables.of("public"), "shop");
  private static final Pattern CODE = Pattern.compile("\\b[0-9A-Z]{5}\\b");

  /** States that this library gives itself or looks for before anything is translated. */
  private static final Set<String> INTERNAL =
      Set.of(SqlStates.NO_DATA, SqlStates.FEATURE_NOT_SUPPORTED, SqlStates.ACTIVE_TRANSACTION);

  /** A row, with codes to try: of "other 22xxx" such as no other row has. */
  record Row(List<String> states, String exception, String kind, boolean retryable) {}

  static List<Row> rows() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "errors.md"));
    List<Row> rows =
        ROW.matcher(page.split("\n## By SQLSTATE\n")[1].split("\n## ")[0])
            .results()
            .map(ErrorTableTest::row)
            .toList();
    assertThat(rows).hasSizeGreaterThan(15);
    return rows;
  }

  private static Row row(MatchResult match) {
    String kind = match.group(3) == null ? "" : match.group(3);
    List<String> states = new ArrayList<>();
    for (String part : match.group(1).split(", ")) {
      switch (part) {
        case "08xxx" -> states.addAll(List.of("08000", "08001", "08003", "08006", "08P01"));
        case "28xxx" -> states.addAll(List.of("28000", "28P01"));
        case "none" -> states.add("");
        case "other 22xxx" -> states.addAll(List.of("22000", "22007", "22012", "22P02", "22023"));
        case "other 23xxx" -> states.addAll(List.of("23000", "23001", "23P01"));
        case "any other" -> states.addAll(List.of("P0001", "0A000", "53200", "XX000", "58030"));
        default -> states.add(part);
      }
    }
    return new Row(states, match.group(2), kind, match.group(4).equals("yes"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isWhatIsThrown(Row row) {
    for (String state : row.states()) {
      SQLException failure = new SQLException("told by the server", state.isEmpty() ? null : state);
      boolean atLogin =
          state.isEmpty() || state.startsWith(SqlStates.CLASS_LOGIN) || state.equals("3D000");
      CrmException thrown =
          atLogin ? SessionErrors.noConnection(failure) : SqlErrors.translate(failure, SHOP);

      assertThat(thrown.getClass().getSimpleName()).as(state).isEqualTo(row.exception());
      assertThat(kind(thrown)).as(state).isEqualTo(row.kind());
      assertThat(thrown instanceof DatabaseException e && e.isRetryable())
          .as(state)
          .isEqualTo(row.retryable());
    }
  }

  @Test
  void namesEveryStateAndEveryKind() throws IOException {
    List<Row> rows = rows();

    assertThat(rows.stream().flatMap(row -> row.states().stream()))
        .doesNotHaveDuplicates()
        .containsAll(states().filter(state -> !INTERNAL.contains(state)).toList());
    assertThat(rows.stream().filter(row -> row.exception().equals("DatabaseException")))
        .extracting(Row::kind)
        .containsAll(Arrays.stream(DatabaseException.Kind.values()).map(Enum::name).toList());
    assertThat(rows.stream().filter(row -> row.exception().equals("InvalidDataException")))
        .extracting(Row::kind)
        .containsAll(
            Arrays.stream(InvalidDataException.Kind.values())
                .filter(kind -> kind != InvalidDataException.Kind.CURSOR)
                .map(Enum::name)
                .toList());
  }

  private static String kind(CrmException e) {
    if (e instanceof DatabaseException database) {
      return database.kind().name();
    }
    return e instanceof InvalidDataException invalid ? invalid.kind().name() : "";
  }

  private static Stream<String> states() {
    return Arrays.stream(SqlStates.class.getDeclaredFields())
        .filter(field -> field.getType() == String.class)
        .map(ErrorTableTest::value)
        .filter(state -> CODE.matcher(state).matches());
  }

  private static String value(Field field) {
    try {
      return (String) field.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
