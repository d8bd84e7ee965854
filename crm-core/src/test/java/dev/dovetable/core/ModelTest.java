package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.AgentModel;
import dev.dovetable.core.fixture.Concurrently;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random operations of two agents at a time, each against its model, while a third one does
 * nothing: its tables stay as they are, bit for bit.
 */
class ModelTest extends DatabaseTest {
  private static final int STEPS = 60;

  private static final class RolledBack extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 20261122, -7})
  void tablesHoldWhatTheModelHolds(long seed) throws Exception {
    TenantScope quiet = newTenant();
    Customer bo = quiet.customers().create(new NewCustomer("Bo", "15551"));
    quiet.messages().recordInbound(bo.id(), "for nobody else");
    quiet.orders().place(NewOrder.of(bo.id(), List.of(new NewOrderItem("Tea", 3, BigDecimal.TEN))));
    List<String> before = rows(quiet);
    List<TenantScope> busy = List.of(newTenant(), newTenant());

    Concurrently.run(
        2,
        agent -> {
          run(busy.get(agent), new Random(seed * 31 + agent), "seed " + seed + ", agent " + agent);
          return null;
        });

    assertThat(rows(quiet)).as("seed %d", seed).isEqualTo(before);
  }

  private static void run(TenantScope scope, Random random, String name) {
    AgentModel model = new AgentModel(random);
    for (int step = 0; step < STEPS; step++) {
      try {
        model = next(scope, model, random);
        model.assertHeldBy(scope);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(name + ", step " + step + ": " + e.getMessage(), e);
      }
    }
  }

  private static AgentModel next(TenantScope scope, AgentModel model, Random random) {
    AgentModel changed = model.copy();
    switch (random.nextInt(6)) {
      case 0 -> {
        return scope.<AgentModel, RuntimeException>transaction(
            tx -> {
              severalSteps(tx, changed, random);
              return changed;
            });
      }
      case 1 -> {
        assertThatThrownBy(
                () ->
                    scope.transaction(
                        tx -> {
                          severalSteps(tx, changed, random);
                          throw new RolledBack();
                        }))
            .isInstanceOf(RolledBack.class);
        return model;
      }
      default -> {
        changed.step(scope);
        return changed;
      }
    }
  }

  private static void severalSteps(TenantScope tx, AgentModel model, Random random) {
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      if (random.nextInt(3) == 0) {
        AgentModel lost = model.copy();
        assertThatThrownBy(
                () ->
                    tx.transaction(
                        inner -> {
                          lost.step(inner);
                          throw new RolledBack();
                        }))
            .isInstanceOf(RolledBack.class);
      } else {
        model.step(tx);
      }
    }
    model.assertHeldBy(tx);
  }

  /** With where each row is on disk, and which transaction wrote it. */
  private static List<String> rows(TenantScope scope) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      for (String table : List.of("customers", "messages", "orders", "orders_items")) {
        try (ResultSet found =
            statement.executeQuery(
                "select t::text, ctid, xmin, xmax from crm.%s_%s t order by id"
                    .formatted(scope.prefix(), table))) {
          while (found.next()) {
            rows.add(
                String.join(
                    "|",
                    table,
                    found.getString(1),
                    found.getString(2),
                    found.getString(3),
                    found.getString(4)));
          }
        }
      }
    }
    assertThat(rows).hasSize(4);
    return rows;
  }
}
