package dev.dovetable.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {

  @TempDir private Path folder;

  @Test
  void takesBodiesOfSomeoneElse() throws IOException {
    write("1.json", message("551", "'type':'text','text':{'body':'one'}"));
    write("2.json", message("552", "'type':'text','text':{'body':'two\\u001b[2J'}"));
    write("3.json", message("553", "'type':'text','text':{'body':'three'}"));
    write("4.json", message("551", "'type':'text','text':{'body':'zero: \\u0000'}"));
    write(
        "5.json",
        message(
            "552",
            "'type':'order','order':{'product_items':["
                + "{'product_retailer_id':'A','quantity':3,'item_price':0.333},"
                + "{'product_retailer_id':'B','quantity':1,'item_price':2}]}"));
    write(
        "6.json",
        message(
            "552",
            "'type':'order','order':{'product_items':["
                + "{'product_retailer_id':'C','quantity':0,'item_price':1}]}"));
    write("7.json", "{}{");

    Result result = Result.of(folder.toString());

    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(result.rows("What WhatsApp sent, from 7 files"))
        .contains(
            List.of("1.json", "agt_coffee", "Ann", "one"),
            List.of("2.json", "agt_bikes", "Ann", "two?[2J"),
            List.of("3.json", "–", "–", "kept as it came"),
            List.of("4.json", "agt_coffee", "Ann", "zero: \ufffd"),
            List.of("7.json", "–", "–", "kept as it came"))
        .filteredOn(row -> row.get(row.size() - 1).contains("not placed: "))
        .extracting(row -> row.get(0))
        .containsExactly("6.json");
    assertThat(result.rows("The same files again.*").stream().map(row -> row.get(row.size() - 1)))
        .contains("UNKNOWN_NUMBER", "NOT_UNDERSTOOD", "UNREADABLE");
    assertThat(result.rows("Tables in schema public"))
        .contains(
            List.of("agt_bikes_orders", "1", "on"), List.of("agt_bikes_orders_items", "2", "on"));
  }

  @Test
  void keepsTheServerUntilItIsStopped() throws Exception {
    write("1.json", message("551", "'type':'text','text':{'body':'one'}"));

    Result result = Result.of("--keep", folder.toString());

    assertThat(result.err()).isEmpty();
    String url = shown(result, "JDBC");
    String stop = shown(result, "stop");
    try {
      assertThat(shown(result, "psql")).startsWith("psql -h localhost -p ");
      assertThat(query(url)).isEqualTo("one");
    } finally {
      Process stopping = new ProcessBuilder("sh", "-c", stop).inheritIO().start();
      assertThat(stopping.waitFor()).isZero();
    }
    assertThatThrownBy(() -> query(url)).isInstanceOf(SQLException.class);
  }

  @Test
  void saysThatAFolderIsMissing() {
    assertRefused(Result.of(folder.resolve("none").toString()), "There is no folder ");
  }

  @Test
  void saysThatAFolderHoldsNoBodies() {
    assertRefused(Result.of(folder.toString()), "holds no .json files.");
  }

  @Test
  void saysThatAnOptionIsUnknown() {
    assertRefused(Result.of("--kep"), "--kep. Usage: ");
  }

  private static void assertRefused(Result result, String message) {
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains(message).hasLineCount(1);
  }

  private static String shown(Result result, String name) {
    Matcher line = Pattern.compile("(?m)^ +" + name + " +(.+)$").matcher(result.out());
    assertThat(line.find()).as(name).isTrue();
    return line.group(1);
  }

  private static String query(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        ResultSet rows =
            connection
                .createStatement()
                .executeQuery("select message from agt_coffee_messages order by id limit 1")) {
      rows.next();
      return rows.getString(1);
    }
  }

  private void write(String file, String json) throws IOException {
    Files.writeString(folder.resolve(file), json.replace('\'', '"'));
  }

  private static String message(String numberId, String content) {
    return ("{'entry':[{'changes':[{'field':'messages','value':{"
            + "'metadata':{'phone_number_id':'%s','display_phone_number':'49%s'},"
            + "'contacts':[{'wa_id':'49170','profile':{'name':'Ann'}}],"
            + "'messages':[{'from':'49170','id':'%s','timestamp':'1795000000',%s}]}}]}]}")
        .formatted(numberId, numberId, UUID.randomUUID(), content);
  }
}
