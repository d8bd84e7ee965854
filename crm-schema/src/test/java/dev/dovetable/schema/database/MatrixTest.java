package dev.dovetable.schema.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Who may do what: each operation on each table, column and function by each actor, compared with
 * {@code matrix.txt}. The catalogue says what there is, so that a new column, table, trigger or
 * function is in the file, and was thought about, or fails this.
 */
@FreshDatabase(TwoAgents.class)
class MatrixTest {

  private static final UUID CREATOR = UUID.fromString("c0000000-0000-4000-8000-00000000000c");
  private static final UUID MEMBER = UUID.fromString("c0000000-0000-4000-8000-00000000000d");
  private static final UUID FORMER = UUID.fromString("c0000000-0000-4000-8000-00000000000e");
  private static final UUID DEMOTED = UUID.fromString("c0000000-0000-4000-8000-00000000000f");

  private static final String TABLES =
      """
      select c.oid::regclass::text
      from pg_class c
      where c.relkind = 'r'
        and c.relnamespace in ('public'::regnamespace, 'crm_private'::regnamespace)
        and c.relname !~ '^beta_'
      order by c.relnamespace::regnamespace::text desc, c.relname
      """;

  /** In the order of the columns of the file. */
  private enum Who {
    ANON,
    STRANGER,
    OWNER,
    MEMBER,
    FORMER,
    CREATOR,
    ADMIN,
    DEMOTED,
    SERVICE,
    BACKEND,
    FOREIGN;

    void enter(Session session) throws SQLException {
      switch (this) {
        case ANON -> session.anonymous();
        case STRANGER -> session.as(TwoAgents.STRANGER);
        case OWNER -> session.as(TwoAgents.OWNER);
        case MEMBER -> session.as(MatrixTest.MEMBER);
        case FORMER -> session.as(MatrixTest.FORMER);
        case CREATOR -> session.as(MatrixTest.CREATOR);
        case DEMOTED -> session.as(MatrixTest.DEMOTED);
        case ADMIN -> session.as(TwoAgents.ADMIN);
        case SERVICE -> session.service();
        case BACKEND, FOREIGN -> session.backend();
      }
    }

    String[] memberships() {
      return switch (this) {
        case BACKEND -> new String[] {"service_role"};
        case FOREIGN -> new String[0];
        default -> new String[] {"anon", "authenticated", "service_role"};
      };
    }
  }

  private static final Map<Who, Session> sessions = new EnumMap<>(Who.class);
  private static Session superuser;

  @BeforeAll
  static void enter(PostgresDatabase database) throws SQLException {
    superuser = new Session(database.dataSource());
    TwoAgents.addUser(superuser, CREATOR, "Cre", "agent");
    superuser.begin();
    // The trigger lets nobody change who made an agent.
    superuser.execute("set local session_replication_role = replica");
    superuser.execute("update agents set created_by = ? where id = 1", CREATOR);
    superuser.commit();
    superuser.execute(
        "update whatsapp_configuration set phone_number_id = user_id::text where true");
    TwoAgents.addUser(superuser, MEMBER, "Mem", "agent");
    TwoAgents.addUser(superuser, FORMER, "For", "agent");
    TwoAgents.addUser(superuser, DEMOTED, "Dem", "admin");
    superuser.execute("select add_agent_member(1, ?), add_agent_member(1, ?)", MEMBER, FORMER);
    superuser.execute("select add_agent_member(2, ?)", TwoAgents.SPARE);
    for (Who who : Who.values()) {
      String login = database.createLogin("w" + who.ordinal(), who.memberships());
      Session session = new Session(database.dataSource(login));
      who.enter(session);
      if (who == Who.FORMER || who == Who.DEMOTED) {
        assertThat(session.one("select count(*) from alpha_customers")).isEqualTo("1");
      }
      sessions.put(who, session);
    }
    // In sessions that are open, and have been used.
    superuser.execute("select remove_agent_member(1, ?)", FORMER);
    superuser.execute("update users set role = 'agent' where id = ?", DEMOTED);
  }

  @AfterAll
  static void leave() throws SQLException {
    for (Session session : sessions.values()) {
      session.close();
    }
    superuser.close();
  }

  @Test
  void everythingIsAsTheFileSays() throws SQLException, IOException {
    List<String> actual = new ArrayList<>();
    for (String table : superuser.column(TABLES)) {
      for (String trigger :
          superuser.column(
              "select format('%s: trigger %s', ?, tgname) from pg_trigger"
                  + " where tgrelid = ?::regclass and not tgisinternal order by tgname",
              table, table)) {
        actual.add(trigger);
      }
      actual.add(line(table, "select", "select 1 from " + table));
      actual.addAll(columns(table));
      actual.add(line(table, "delete", "delete from " + table + " where true"));
      actual.add(line(table, "truncate", "truncate " + table + " cascade"));
    }
    actual.addAll(functions());

    try (InputStream file = MatrixTest.class.getResourceAsStream("matrix.txt")) {
      List<String> expected =
          new String(file.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .toList();
      assertThat(actual)
          .as("If it is meant to be so, and the pages say so, change matrix.txt.")
          .containsExactlyElementsOf(expected);
    }
  }

  private static List<String> columns(String table) throws SQLException {
    List<String> lines = new ArrayList<>();
    for (List<String> column :
        superuser.rows(
            "select quote_ident(attname), attgenerated <> '' or attidentity <> '' from pg_attribute"
                + " where attrelid = ?::regclass and attnum > 0 and not attisdropped order by attnum",
            table)) {
      String name = column.get(0);
      lines.add(line(table, "select " + name, "select " + name + " from " + table));
      if (column.get(1).equals("f")) {
        // Without a row: which rows may be made is asked in RolesTest, as it depends on their
        // values.
        lines.add(
            line(
                table,
                "insert " + name,
                "insert into %s (%s) select null where false".formatted(table, name)));
        lines.add(
            line(
                table,
                "update " + name,
                "update %s set %s = default where true".formatted(table, name)));
      }
    }
    return lines;
  }

  private static List<String> functions() throws SQLException {
    List<String> lines = new ArrayList<>();
    for (String function :
        superuser.column(
            "select oid::regprocedure::text from pg_proc where pronamespace in"
                + " ('public'::regnamespace, 'crm_private'::regnamespace)"
                + " order by pronamespace::regnamespace::text desc, 1")) {
      StringBuilder cells = new StringBuilder();
      for (Who who : Who.values()) {
        String may =
            sessions
                .get(who)
                .one(
                    "select has_function_privilege(p.oid, 'execute')"
                        + " and has_schema_privilege(p.pronamespace, 'usage')"
                        + " from pg_proc p where p.oid = ?::bigint::oid",
                    Long.valueOf(superuser.one("select ?::regprocedure::oid::bigint", function)));
        cells.append(" ").append(cell(may.equals("t") ? "may" : "-"));
      }
      lines.add((pad(function) + cells).stripTrailing());
    }
    return lines;
  }

  /** What becomes of a statement: how many rows it reaches, or that it is refused. */
  private static String line(String table, String operation, String sql) throws SQLException {
    String total = superuser.one("select count(*) from " + table);
    StringBuilder cells = new StringBuilder();
    for (Who who : Who.values()) {
      Session session = sessions.get(who).begin();
      String outcome;
      try {
        int rows = session.execute(sql);
        outcome =
            operation.startsWith("insert") || total.equals("0")
                ? "may"
                : rows == 0 ? "none" : total.equals(String.valueOf(rows)) ? "all" : "own";
      } catch (SQLException e) {
        outcome =
            switch (e.getSQLState()) {
              case "42501" -> "-";
              default -> e.getSQLState();
            };
      } finally {
        session.rollback();
      }
      cells.append(" ").append(cell(outcome));
    }
    return (pad(table + ": " + operation) + cells).stripTrailing();
  }

  private static String pad(String text) {
    return "%-64s".formatted(text);
  }

  private static String cell(String text) {
    return "%-8s".formatted(text);
  }
}
