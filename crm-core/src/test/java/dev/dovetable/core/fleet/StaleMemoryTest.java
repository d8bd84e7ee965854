package dev.dovetable.core.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.CrmFleet;
import dev.dovetable.core.FleetDatabase;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.jooq.tables.Customers;
import dev.dovetable.testkit.server.wire.OneConnection;
import dev.dovetable.testkit.server.wire.RoundTrips;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** An agent that is in another database than it was. */
class StaleMemoryTest extends FleetBase {

  /** Whatever a first statement is. */
  private static final List<Consumer<TenantScope>> FIRST =
      List.of(
          shop -> shop.customers().create(new NewCustomer("Ada", "491")),
          shop -> shop.customers().findOrCreateByPhone("491", "Ada"),
          shop -> shop.customers().importAll(List.of(new NewCustomer("Ada", "491")).iterator()),
          shop ->
              shop.transaction(inner -> inner.customers().create(new NewCustomer("Ada", "491"))),
          shop ->
              shop.transaction(
                  inner ->
                      inner.transaction(
                          nested -> nested.customers().create(new NewCustomer("Ada", "491")))),
          shop -> {
            Customers c = shop.tables().customers();
            shop.dsl()
                .insertInto(c, c.AGENT_ID, c.NAME, c.PHONE)
                .values(id(shop), DSL.val("Ada"), DSL.val("491"))
                .execute();
          },
          shop -> {
            Customers c = shop.tables().customers();
            shop.dsl()
                .batch(
                    shop.dsl()
                        .insertInto(c, c.AGENT_ID, c.NAME, c.PHONE)
                        .values(id(shop), DSL.val("Ada"), DSL.val("491")))
                .execute();
          },
          shop ->
              shop.transaction(
                  inner -> {
                    Customers c = inner.tables().customers();
                    return inner
                        .dsl()
                        .connectionResult(
                            connection -> {
                              try (var insert =
                                  connection.prepareStatement(
                                      "insert into %s (agent_id, name, phone) select id, ?, ? from crm.agents where agent_prefix = '%s'"
                                          .formatted(inner.dsl().render(c), inner.prefix()))) {
                                insert.setString(1, "Ada");
                                insert.setString(2, "491");
                                return insert.executeUpdate();
                              }
                            });
                  }));

  private static Field<Long> id(TenantScope shop) {
    return DSL.field(
        "(select id from crm.agents where agent_prefix = {0})",
        Long.class, DSL.inline(shop.prefix()));
  }

  @Test
  void whateverComesFirstIsRepeatedWhereTheAgentIs() {
    for (Consumer<TenantScope> first : FIRST) {
      Agent agent = newAgent(one);
      TenantScope shop = fleet.asAgent(agent.prefix());
      assertThat(names(shop)).isEmpty();
      move(agent, one, two);

      first.accept(shop);

      assertThat(names(shop)).containsExactly("Ada");
      assertThat(two.count("select count(*) from crm." + agent.prefix() + "_customers"))
          .isEqualTo(1);
    }
    assertThat(one.pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    assertThat(two.pool.getHikariPoolMXBean().getActiveConnections()).isZero();
  }

  @Test
  void aTransactionOfSeveralStatementsIsDoneThere() {
    Agent agent = newAgent(one);
    TenantScope shop = fleet.asAgent(agent.prefix());
    names(shop);
    move(agent, one, two);

    int message =
        shop.transaction(
            inner -> {
              Customer customer = inner.customers().findOrCreateByPhone("4915112345678", "Ada");
              return inner.messages().recordInbound(customer.id(), "Hello").id();
            });

    assertThat(shop.messages().find(message)).isPresent();
  }

  @Test
  void aStaleMemoryCostsOneStatementAndOneLookUp() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (RoundTrips wire = new RoundTrips(one.database.server().port());
        Connection a = wire.connect(one.database.name(), one.login);
        Connection b = wire.connect(two.database.name(), two.login)) {
      CrmFleet counted =
          CrmFleet.builder()
              .database(FleetDatabase.of("one", OneConnection.of(a)))
              .database(FleetDatabase.of("two", OneConnection.of(b)))
              .directory(new CountedDirectory(fleet.directory(), asked))
              .each(crm -> crm.schema(Installed.SCHEMA))
              .build();
      Agent agent = newAgent(one);
      TenantScope shop = counted.asAgent(agent.prefix());
      names(shop);
      assertThat(asked.getAndSet(0)).isEqualTo(1);
      move(agent, one, two);
      wire.take();

      names(shop);
      assertThat(wire.take()).as("refused, ROLLBACK, repeated").isEqualTo(3);
      assertThat(asked.getAndSet(0)).isEqualTo(1);
      names(shop);
      names(counted.asService().tenant(agent.prefix()));
      assertThat(wire.take()).as("nothing more, in any scope").isEqualTo(2);
      assertThat(asked.get()).isZero();

      fleet.asService().agents().delete(agent.prefix());
      wire.take();
      assertThatThrownBy(() -> names(shop)).isInstanceOf(UnknownAgentException.class);
      assertThat(wire.take()).as("refused, ROLLBACK").isEqualTo(2);
      assertThat(asked.get()).isEqualTo(1);
    }
  }

  @Test
  void aLaterStatementOfATransactionIsNotRepeated() {
    Agent agent = newAgent(one);
    TenantScope shop = fleet.asAgent(agent.prefix());
    Agent other = newAgent(two);

    assertThatThrownBy(
            () ->
                shop.transaction(
                    inner -> {
                      inner.customers().create(new NewCustomer("Ada", "491"));
                      return inner.dsl().fetch("select crm_private.enter_agent('nobody', false)");
                    }))
        .isInstanceOf(UnknownAgentException.class);

    assertThat(names(shop)).isEmpty();
    assertThat(names(fleet.asAgent(other.prefix()))).isEmpty();
  }

  /** Counts who asks where an agent is. */
  private record CountedDirectory(AgentDirectory directory, AtomicInteger asked)
      implements AgentDirectory {
    @Override
    public Optional<AgentPlace> find(String prefix) {
      asked.incrementAndGet();
      return directory.find(prefix);
    }

    @Override
    public boolean add(AgentPlace place) {
      return directory.add(place);
    }

    @Override
    public boolean replace(AgentPlace present, AgentPlace next) {
      return directory.replace(present, next);
    }

    @Override
    public boolean remove(AgentPlace present) {
      return directory.remove(present);
    }

    @Override
    public List<AgentPlace> list(String after, int limit) {
      return directory.list(after, limit);
    }
  }
}
