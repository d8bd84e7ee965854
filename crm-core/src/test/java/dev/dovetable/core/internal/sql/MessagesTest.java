package dev.dovetable.core.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.DatabaseException.Kind;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.testkit.server.wire.CustomDataSource;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** That what is told leads to the cause. */
class MessagesTest extends DatabaseTest {
  private static final PageRequest ONE = PageRequest.first(1);

  @Test
  void ownSqlThatIsNotRightIsTold() {
    TenantScope shop = newTenant();

    assertThatThrownBy(() -> shop.dsl().fetch("select nothing"))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("\"nothing\"");
    assertThatThrownBy(() -> shop.dsl().fetch("selekt"))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("\"selekt\"");
    assertThatThrownBy(() -> shop.dsl().fetch("select 1 / 0"))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageContaining("divides by zero");
    assertThatThrownBy(() -> shop.dsl().fetch("select cast({0} as int)", DSL.val("S3CRET")))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageContaining("a value of the type itself")
        .hasMessageNotContaining("S3CRET");
    assertThatThrownBy(() -> shop.dsl().fetch("select cast(123.4 as numeric(3, 1))"))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageContaining("A column of your own holds what its type says");
  }

  @Test
  void whatOnlyTheServiceMayIsToldFromRowsOfOthers() {
    TenantScope shop = newTenant();

    assertThatThrownBy(() -> crm.as(Actor.user(admin.id())).users().delete(UUID.randomUUID()))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("take crm.asService(), which may");
    assertThatThrownBy(() -> shop.dsl().execute("create table crm.mine ()"))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("the role that installed the schema");
    assertThatThrownBy(
            () ->
                crm.as(Actor.user(UUID.randomUUID()))
                    .tenant(shop.prefix())
                    .customers()
                    .create(new NewCustomer("Ada", "1")))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("user id that isn't in users");
  }

  @Test
  void aPoolThatIsClosedIsNotToBeTriedAgain() {
    HikariDataSource closed = pool(1);
    closed.close();

    assertThatThrownBy(() -> crm(closed).asService().users().list(ONE))
        .isInstanceOfSatisfying(
            DatabaseException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.OTHER);
              assertThat(e.isRetryable()).isFalse();
              assertThat(e).hasMessageContaining("The DataSource is closed");
            });
  }

  @Test
  void aHostWithoutConnectionIsNotADataSource() {
    assertThatThrownBy(
            () -> Crm.create(DSL.using(SQLDialect.POSTGRES)).asService().users().list(ONE))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("The DSLContext or ConnectionProvider");
  }

  /** As the driver tells it where it was waiting for a login. */
  @Test
  void anInterruptThatTheDriverToldIsOne() {
    CustomDataSource interrupted =
        new CustomDataSource(
            () -> {
              throw new SQLException("Interrupted while attempting to connect.", "99999");
            });
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> crm(interrupted).asService().users().list(ONE))
          .isInstanceOfSatisfying(
              DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  @SuppressWarnings("NullAway")
  void whatIsNullIsNamed() {
    NewOrderItem tea = new NewOrderItem("Tea", 1, BigDecimal.ONE);

    assertThatThrownBy(() -> Crm.builder(pool).webhookSecrets("a", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("webhookSecrets");
    assertThatThrownBy(() -> NewOrder.of(1, null)).hasMessage("items");
    assertThatThrownBy(() -> NewOrder.of(1, Arrays.asList(tea, null)))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("items, at index 1");
    assertThatThrownBy(() -> newTenant().messages().recordAll(null)).hasMessage("messages");
    assertThat(NewOrder.of(1, List.of(tea)).items()).containsExactly(tea);
  }
}
