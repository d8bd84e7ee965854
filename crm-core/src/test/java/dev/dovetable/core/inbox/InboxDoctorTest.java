package dev.dovetable.core.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.doctor.DoctorReport;
import dev.dovetable.schema.doctor.Finding;
import dev.dovetable.schema.doctor.OrderTotals;
import dev.dovetable.schema.migration.RegisteredVersions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The doctor and the migration compute the state anew. */
class InboxDoctorTest extends InboxTest {

  @Test
  void findsWhatWentPastTheTriggersAndRebuildsIt() throws SQLException {
    int ada = newCustomer("Ada");
    int first = message(ada, "inbound", "2026-11-01 10:00:00");
    message(ada, "inbound", "2026-11-01 10:00:01");
    shop.inbox().markRead(ada, first);
    assertThat(examine().findings()).isEmpty();

    // As pg_restore --disable-triggers and replication do.
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("set session_replication_role = replica");
      statement.execute(
          sql(
              "insert into {p}_messages (customer_id, message, direction) values ("
                  + ada
                  + ", 'x', 'inbound')"));
    }
    assertThat(differences()).hasSize(1);
    DoctorReport report = examine();
    assertThat(report.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(Finding.Code.CONVERSATION_STATE);
              assertThat(finding.prefix()).contains(agent.prefix());
            });
    assertThat(doctor(OrderTotals.NONE).examine(database.dataSource()).findings()).isEmpty();
    assertThat(doctor(OrderTotals.FULL).examine(database.dataSource()).findings())
        .isEqualTo(report.findings());

    assertThat(doctor(OrderTotals.SAMPLED).repair(database.dataSource(), report).failures())
        .isEmpty();
    assertThat(differences()).isEmpty();
    assertThat(state(ada).unread()).isEqualTo(2);
    assertThat(state(ada).readUpTo()).hasValue(first);
    assertThat(examine().findings()).isEmpty();
  }

  /** Those that are older than the inbox, and have messages. */
  @Test
  void fillsTheStateOfAgentsThatHaveMessages() throws SQLException {
    RegisteredVersions versions = RegisteredVersions.in(Installed.SCHEMA);
    String export = versions.export(database.dataSource(), "inbox");
    assertThat(export).contains("conversations_computed");
    int ada = newCustomer("Ada");
    int bo = newCustomer("Bo");
    for (String direction : new String[] {"inbound", "outbound", "inbound"}) {
      message(ada, direction, "2026-11-01 10:00:00");
    }
    shop.inbox().tag(bo, "x");
    for (String trigger : List.of("inserted", "updated", "deleted", "truncated")) {
      asSuperuser("drop trigger conversations_" + trigger + " on {p}_messages");
    }
    asSuperuser(
        """
        drop trigger add_conversations on {p}_customers;
        drop table {p}_conversation_marks, {p}_conversation_changes, {p}_conversation_notes,
          {p}_conversation_tags, {p}_conversations cascade;
        select crm_private.drop_agent_functions('%1$s', %2$d, array(
          select unnest(functions) from crm_private.agent_templates where extension = 'inbox'));
        delete from crm_private.agent_versions where extension = 'inbox' and agent_id = %2$d
        """
            .formatted(agent.prefix(), agent.id()));

    run(Webhooks.extension(), Inbox.extension());
    assertThat(differences()).isEmpty();
    assertThat(state(ada).unread()).isEqualTo(2);
    assertThat(state(bo).lastMessage()).isEmpty();
    assertThat(examine().findings()).isEmpty();
  }

  /** As after an import that is registered at once: most messages were one customer's before. */
  @Test
  void readsFewRowsWhateverThePlannerThinksOfThem() throws SQLException {
    int customers = 1_000;
    int messages = 20_000;
    String insert =
        "insert into {p}_messages (customer_id, message, direction, timestamp) select %s, 'x',"
            + " case when n %% 3 = 0 then 'outbound' else 'inbound' end,"
            + " timestamp '2026-01-01' + n * interval '1 second' from generate_series(1, %d) n";
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("set session_replication_role = replica");
      statement.execute(sql("alter table {p}_messages set (autovacuum_enabled = off)"));
      statement.execute(
          sql(
                  "insert into {p}_customers (agent_id, name, phone) select %d, 'x', n"
                      .formatted(agent.id()))
              + " from generate_series(1, "
              + customers
              + ") n");
      statement.execute(sql(insert.formatted("1", 100)));
      statement.execute(sql("analyze {p}_messages"));
      statement.execute(sql(insert.formatted("1 + n % " + customers, messages)));
      connection.setAutoCommit(false);
      statement.execute("select crm_private." + agent.prefix() + "_conversations_rebuild()");
      try (var read =
          statement.executeQuery(
              "select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables where relname = '"
                  + agent.prefix()
                  + "_messages'")) {
        read.next();
        assertThat(read.getLong(1)).isLessThan(5L * messages);
      }
      connection.commit();
    }
    assertThat(differences()).isEmpty();
  }

  private static DoctorReport examine() {
    return doctor(OrderTotals.SAMPLED).examine(database.dataSource());
  }

  private static CrmDoctor doctor(OrderTotals which) {
    return CrmDoctor.builder().schema(Installed.SCHEMA).orderTotals(which).build();
  }
}
