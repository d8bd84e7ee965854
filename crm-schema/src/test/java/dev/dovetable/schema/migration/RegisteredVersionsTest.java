package dev.dovetable.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.doctor.Finding;
import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.internal.files.Script;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A version that ran on an agent without rows, and fails for those of agent 2. */
class RegisteredVersionsTest extends AgentMigrationTest {
  private static final RegisteredVersions VERSIONS = RegisteredVersions.in("public");
  private static final String STRICT = "alter table {customers} add unique (phone);";
  private static final String LENIENT = "create index {customers_shop_idx} on {customers} (phone);";

  @BeforeEach
  void fill() throws SQLException {
    agents.make(1, 2);
    database.execute(
        "insert into agt_2_customers (agent_id, name, phone) values (2, 'a', '1'), (2, 'b', '1')");
  }

  @Test
  void whatNoAgentHasIsWithdrawn() throws SQLException {
    database.execute("select delete_agent(1)");
    assertThat(AgentMigrations.of(shop(STRICT)).run(owner).failures()).hasSize(1);

    VERSIONS.withdraw(owner, "shop", 1);

    assertThat(database.string("select count(*)::text from crm_private.agent_failures"))
        .isEqualTo("0");
    agents.make(3, 3);
    assertThat(AgentMigrations.of(shop(LENIENT)).run(owner).isComplete()).isTrue();
    assertThat(findings()).isEmpty();
  }

  @Test
  void whatAgentsHaveOrOthersFollowIsNotWithdrawn() {
    AgentMigrations.of(shop(STRICT)).run(owner);
    refused(Reason.VERSION_IN_USE, "1 agent has it", () -> VERSIONS.withdraw(owner, "shop", 1));
    AgentMigrations.of(shop(STRICT, "update {orders} set notes = notes;")).run(owner);
    refused(Reason.VERSION_IN_USE, "not the newest", () -> VERSIONS.withdraw(owner, "shop", 1));
    refused(Reason.UNKNOWN_VERSION, "shop 3", () -> VERSIONS.withdraw(owner, "shop", 3));
    refused(Reason.UNKNOWN_VERSION, "shoe 1", () -> VERSIONS.withdraw(owner, "shoe", 1));
  }

  @Test
  void whatFailedForSomeIsReplacedForThem() throws SQLException {
    assertThat(AgentMigrations.of(shop(STRICT)).run(owner).failures()).hasSize(1);
    String lenient = "create unique index {customers_shop_idx} on {customers} (phone, id);";

    VERSIONS.replace(owner, shop(lenient));

    assertThat(AgentMigrations.of(shop(lenient)).run(owner).isComplete()).isTrue();
    assertThat(
            database.string(
                "select count(distinct checksum)::text from crm_private.agent_versions"
                    + " where extension = 'shop'"))
        .isEqualTo("2");
    refused(
        Reason.EDITED_SCRIPT, "was replaced", () -> AgentMigrations.of(shop(STRICT)).run(owner));
    // The ends differ, and that is all: the ledger is right about both.
    assertThat(findings())
        .isNotEmpty()
        .allSatisfy(finding -> assertThat(finding.prefix()).contains("agt_1"))
        .extracting(Finding::code)
        .doesNotContain(Finding.Code.LEDGER);
  }

  @Test
  void aReplacementIsTriedFirstAndMakesTheSameTables() throws SQLException {
    AgentMigrations.of(shop(STRICT)).run(owner);

    refused(
        Reason.INVALID_TEMPLATE,
        "line 1",
        () -> VERSIONS.replace(owner, shop("alter table {customers} add unique (phne);")));
    refused(
        Reason.INVALID_TEMPLATE,
        "[visits]",
        () -> VERSIONS.replace(owner, shop("create table {visits} (id integer);")));
    refused(Reason.UNKNOWN_VERSION, "shop 2", () -> VERSIONS.replace(owner, shop(STRICT, LENIENT)));
    assertThat(AgentMigrations.of(shop(STRICT)).run(owner).failures()).hasSize(1);
  }

  /** Nobody should have to know which of ten texts an agent has. */
  @Test
  void theFirstTextMayComeBack() throws SQLException {
    AgentMigrations.of(shop(STRICT)).run(owner);
    VERSIONS.replace(owner, shop(LENIENT));
    VERSIONS.replace(owner, shop(LENIENT));
    VERSIONS.replace(owner, shop(STRICT));

    assertThat(AgentMigrations.of(shop(STRICT)).run(owner).failures()).hasSize(1);
    assertThat(
            database.string(
                "select cardinality(replaced)::text from crm_private.agent_templates"
                    + " where extension = 'shop'"))
        .isEqualTo("1");
  }

  private List<Finding> findings() {
    return CrmDoctor.builder().build().examine(owner).findings();
  }

  private static AgentExtension shop(String... versions) {
    return AgentExtension.of(
        "shop",
        IntStream.range(0, versions.length)
            .mapToObj(i -> Script.of("db/00" + (i + 1) + "_x.sql", versions[i]))
            .toList());
  }

  private static void refused(Reason reason, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining(words)
        .extracting("reason")
        .isEqualTo(reason);
  }
}
