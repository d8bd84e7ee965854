package dev.dovetable.core.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.ActorScope;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.core.users.UserRole;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How large an agent is. */
class AgentSizeTest extends DatabaseTest {

  @Test
  void rowsAndBytesOfEachTable() {
    TenantScope scope = newTenant();
    AgentSize empty = crm.asService().agents().size(scope.prefix());
    int ada = scope.customers().create(new NewCustomer("Ada", "1")).id();
    scope.messages().recordAll(Collections.nCopies(500, NewMessage.inbound(ada, "x".repeat(99))));
    NewOrderItem tea = new NewOrderItem("Tea", 1, BigDecimal.ONE);
    scope.orders().place(NewOrder.of(ada, List.of(tea, tea)));

    AgentSize size = crm.asService().agents().size(scope.prefix());

    assertThat(empty.messages().rows()).isZero();
    assertThat(size.customers().rows()).isEqualTo(1);
    assertThat(size.messages().rows()).isEqualTo(500);
    assertThat(size.orders().rows()).isEqualTo(1);
    assertThat(size.ordersItems().rows()).isEqualTo(2);
    assertThat(size.messages().bytes()).isGreaterThan(empty.messages().bytes() + 500 * 99);
    assertThat(size.bytes())
        .isEqualTo(
            size.customers().bytes()
                + size.messages().bytes()
                + size.orders().bytes()
                + size.ordersItems().bytes());
  }

  @Test
  void othersSeeNoRows() {
    TenantScope scope = newTenant();
    scope.customers().create(new NewCustomer("Ada", "1"));
    ActorScope asStranger = crm.as(Actor.user(newUser(UserRole.AGENT).id()));

    assertThat(asStranger.agents().size(scope.prefix()).customers().rows()).isZero();
  }

  @Test
  void unknownAgents() {
    assertThatThrownBy(() -> crm.asService().agents().size("nobody"))
        .isInstanceOf(UnknownAgentException.class);
    assertThatThrownBy(() -> crm.asService().agents().size("a\"; drop"))
        .isInstanceOf(RefusedException.class);
  }
}
