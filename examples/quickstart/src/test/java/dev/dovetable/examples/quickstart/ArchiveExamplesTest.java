package dev.dovetable.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page on archives shows, with the page's own extension. */
class ArchiveExamplesTest extends ExamplesTest {
  @TempDir private Path folder;

  @Test
  void anAgentBecomesAnotherOne() throws IOException {
    AgentMigrations.of(
            AgentExtension.fromClassPath(
                "appointments", "db/appointments", "001_create_appointments.sql"))
        .run(postgres.dataSource());
    shop.messages().recordInbound(maria.id(), "Tuesday at nine?");
    shop.dsl()
        .execute(
            "insert into agt_6f78_appointments (customer_id, starts_at)"
                + " values (?, timestamp '2026-12-01 09:00')",
            maria.id());
    UUID dan =
        crm.asService().users().create(new NewUser("Dan", "dan@crm.example", UserRole.AGENT)).id();
    ArchiveExamples examples = new ArchiveExamples();
    examples.copy(postgres.dataSource(), folder.resolve("agent.zip"), dan);

    assertThat(examples.output).containsExactly("3 rows, numbers left out: []");
    TenantScope copy = crm.asAgent("agt_copy");
    assertThat(copy.customers().find(maria.id())).contains(maria);
    assertThat(copy.dsl().fetchCount(DSL.table("agt_copy_appointments"))).isEqualTo(1);
  }
}
