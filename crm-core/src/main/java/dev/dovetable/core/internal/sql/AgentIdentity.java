package dev.dovetable.core.internal.sql;

import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.jooq.TenantTables;
import dev.dovetable.core.jooq.tables.Customers;
import dev.dovetable.core.jooq.tables.Messages;
import dev.dovetable.core.jooq.tables.Orders;
import dev.dovetable.core.jooq.tables.OrdersItems;
import dev.dovetable.schema.internal.jdbc.SqlStates;
import java.util.Map;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.QueryPart;
import org.jooq.impl.DSL;

/**
 * The agent that statements are about, known by its prefix only: what else there is to know is
 * looked up by each statement itself, so nothing here goes stale. Immutable and thread-safe.
 */
public record AgentIdentity(BaseTables base, String prefix)
    implements Subject, SqlTemplate.TableNames {
  private static final SqlTemplate ENTER = SqlTemplate.ofFile("internal/sql/enter.sql");

  public String schema() {
    return base.schema();
  }

  @Override
  public Name table(String template) {
    return DSL.name(base.schema(), template.replace("{prefix}", prefix));
  }

  /** The agent's four tables. */
  public TenantTables tables() {
    return new TenantTables(
        Customers.CUSTOMERS.rename(named("_customers")),
        Messages.MESSAGES.rename(named("_messages")),
        Orders.ORDERS.rename(named("_orders")),
        OrdersItems.ORDERS_ITEMS.rename(named("_orders_items")));
  }

  private Name named(String suffix) {
    return DSL.name(schema(), prefix + suffix);
  }

  /** {@code agents.id}, as a part of a statement. */
  public Field<Long> id() {
    return DSL.field(
        DSL.select(base.agents().ID)
            .from(base.agents())
            .where(base.agents().AGENT_PREFIX.eq(prefix)));
  }

  /** The list that cursors of a customer's messages are places in. */
  public String timelineOf(int customerId) {
    return prefix + ".timeline." + customerId;
  }

  /** What a write for something that isn't there is answered with. */
  public NotFoundException notFound(String what) {
    return new NotFoundException(what + " of agent " + prefix);
  }

  /**
   * Refuses an agent that doesn't exist, with {@link SqlStates#UNKNOWN_AGENT}.
   *
   * @param asOwnUser whether the rest of the transaction is to act as the agent's own user
   */
  public QueryPart enter(boolean asOwnUser) {
    return ENTER.filled(
        this,
        Map.of(
            "enter_agent",
            base.internal("enter_agent"),
            "prefix",
            DSL.inline(prefix),
            "as_own_user",
            DSL.inline(asOwnUser)));
  }

  @Override
  public String name() {
    return "agent " + prefix;
  }
}
