package dev.dovetable.schema.archive;

import static dev.dovetable.schema.archive.OddAgents.ARCHIVE;
import static dev.dovetable.schema.archive.OddAgents.export;
import static dev.dovetable.schema.archive.OddAgents.hashes;
import static dev.dovetable.schema.archive.OddAgents.importAs;
import static dev.dovetable.schema.archive.OddAgents.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.doctor.OrderTotals;
import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.fixture.AgentsOf;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes along with the rows, what may be left out, and who has signed it. */
class ArchiveOptionsTest {
  private static final byte[] KEY =
      "a key of sixteen bytes or more".getBytes(StandardCharsets.UTF_8);

  private AgentsOf agents;
  private DataSource superuser;

  @BeforeEach
  void fill() throws SQLException {
    agents = OddAgents.create();
    superuser = agents.database().superuser();
    OddAgents.fill(superuser, "agt_1", 60);
  }

  @AfterEach
  void close() {
    agents.close();
  }

  private void assertHealthy(DataSource owner, String schema) {
    assertThat(
            CrmDoctor.builder()
                .schema(schema)
                .orderTotals(OrderTotals.FULL)
                .build()
                .examine(owner)
                .findings())
        .isEmpty();
  }

  @Test
  void holdsWhatBelongsToTheAgent() throws SQLException {
    agents
        .database()
        .execute(
            """
            select add_agent_member(a.id, '%1$s') from agents a where agent_prefix = 'agt_1';
            insert into users (id, name, email, role) values ('%2$s', 'Gone', 'gone@example.com', 'agent');
            select add_agent_member(a.id, '%2$s') from agents a where agent_prefix = 'agt_1';
            select create_whatsapp_config('%3$s', '+1', 'https://example.com', 'secret key', 'b1', 'n1');
            select add_agent_number(a.id, 'n2', '+2', 'b2', 'Second') from agents a where agent_prefix = 'agt_1'
            """
                .formatted(user(4), user(6), user(1)));
    byte[] archive = export(agents.owner(), "agt_1");
    byte[] secrets = export(ARCHIVE, agents.owner(), "agt_1", ExportOptions.DEFAULTS.withSecrets());
    assertThat(ARCHIVE.check(new ByteArrayInputStream(archive)).hasSecrets()).isFalse();
    assertThat(ARCHIVE.check(new ByteArrayInputStream(secrets)).hasSecrets()).isTrue();

    // In the same database all numbers are the first one's.
    ImportReport same = importAs(agents.owner(), "shop_b", archive, user(3));
    assertThat(same.numbersTaken()).containsExactly("n1", "n2");
    assertThat(same.membersMissing()).isEmpty();
    assertThat(same.isConfigured()).isTrue();
    assertThat(configuration(3)).isEqualTo("+1 - -");

    agents.database().execute("select delete_agent(id) from agents where agent_prefix <> 'agt_2'");
    agents
        .database()
        .execute("delete from users where id in ('" + user(6) + "', '" + user(3) + "')");
    ImportReport free = importAs(agents.owner(), "shop_c", secrets, user(5));
    assertThat(free.numbersTaken()).isEmpty();
    assertThat(free.membersMissing()).containsExactly(user(6));
    assertThat(configuration(5)).isEqualTo("+1 secret key n1");
    assertThat(
            agents
                .database()
                .strings(
                    "select concat_ws(' ', n.phone_number_id, n.label, n.display_number, n.is_active)"
                        + " from crm_private.agent_numbers n where agent_id = "
                        + free.agentId()
                        + " order by 1"))
        .containsExactly("n1 +1 t", "n2 Second +2 t");
    assertThat(agents.database().strings("select user_id::text from crm_private.agent_members"))
        .containsExactly(user(4).toString());
    assertHealthy(agents.owner(), "public");
  }

  private String configuration(int user) throws SQLException {
    return agents
        .database()
        .string(
            "select concat_ws(' ', whatsapp_number, coalesce(api_key, '-'),"
                + " coalesce(phone_number_id, '-')) from whatsapp_configuration where user_id = '"
                + user(user)
                + "'");
  }

  @Test
  void aKeySignsIt() {
    AgentArchive signing = AgentArchive.builder().key(KEY).build();
    byte[] signed = export(signing, agents.owner(), "agt_1", ExportOptions.DEFAULTS);
    assertThat(signing.check(new ByteArrayInputStream(signed)).isSigned()).isTrue();
    assertThat(ARCHIVE.check(new ByteArrayInputStream(signed)).isSigned()).isTrue();

    byte[] plain = export(agents.owner(), "agt_1");
    assertThatThrownBy(() -> signing.check(new ByteArrayInputStream(plain)))
        .hasMessageContaining("isn't signed");
    assertThatThrownBy(
            () ->
                AgentArchive.builder()
                    .key(new byte[16])
                    .build()
                    .check(new ByteArrayInputStream(signed)))
        .hasMessageContaining("another key");
  }

  @Test
  void aCopyWithoutMessages() throws SQLException {
    ImportReport report =
        ARCHIVE.copy(
            agents.owner(),
            "agt_1",
            "shop_b",
            ExportOptions.DEFAULTS.withoutMessages(),
            ImportOptions.user(user(3)));
    assertThat(report.tables()).extracting(ArchivedTable::name).doesNotContain("messages");
    var expected = hashes(superuser, "public", "agt_1");
    expected.put("messages", "0 0");
    assertThat(hashes(superuser, "public", "shop_b")).isEqualTo(expected);
    assertHealthy(agents.owner(), "public");
    assertThatThrownBy(
            () ->
                ARCHIVE.copy(
                    agents.owner(),
                    "absent",
                    "shop_c",
                    ExportOptions.DEFAULTS,
                    ImportOptions.user(user(4))))
        .isInstanceOfSatisfying(
            SchemaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNKNOWN_AGENT));
  }
}
