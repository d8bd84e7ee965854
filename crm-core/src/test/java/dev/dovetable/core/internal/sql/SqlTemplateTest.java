package dev.dovetable.core.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.jooq.tables.Agents;
import dev.dovetable.core.jooq.tables.Customers;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.QueryPart;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.Test;

class SqlTemplateTest {
  private static final Customers C = Customers.CUSTOMERS;
  private static final Agents A = Agents.AGENTS;
  private static final AgentIdentity AGENT =
      new AgentIdentity(BaseTables.of("odd \"schema\""), "agt_6f78");
  private static final DSLContext JOOQ = DSL.using(SQLDialect.POSTGRES);

  private static final SqlTemplate TEMPLATE =
      SqlTemplate.of(
          DSL.select(C.ID)
              .from(C)
              .join(A)
              .on(A.ID.eq(C.AGENT_ID))
              .where(C.PHONE.eq(SqlTemplate.slot(C.PHONE)))
              .limit(SqlTemplate.slot("limit", SQLDataType.INTEGER)));

  @Test
  void isWhatJooqRendersForTheAgentsOwnTables() {
    Customers own = AGENT.tables().customers();
    Agents agents = AGENT.base().agents();
    QueryPart direct =
        DSL.select(own.ID)
            .from(own)
            .join(agents)
            .on(agents.ID.eq(own.AGENT_ID))
            .where(own.PHONE.eq("{limit} or 'so'"))
            .limit(DSL.val(3));

    QueryPart filled =
        TEMPLATE.filled(AGENT, Map.of("phone", DSL.val("{limit} or 'so'"), "limit", DSL.val(3)));

    assertThat(JOOQ.render(filled)).isEqualTo(JOOQ.render(direct));
    assertThat(JOOQ.renderInlined(filled)).isEqualTo(JOOQ.renderInlined(direct));
    assertThat(JOOQ.extractBindValues(filled)).isEqualTo(List.of("{limit} or 'so'", 3));
  }

  @Test
  void namesTheSlotThatIsLeftEmpty() {
    QueryPart filled = TEMPLATE.filled(AGENT, Map.of("phone", DSL.val("491511234567")));

    assertThatThrownBy(() -> JOOQ.render(filled)).hasStackTraceContaining("limit");
  }
}
