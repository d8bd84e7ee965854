package dev.wacrm.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The way from nothing to a conversation with an order, once. */
class QuickTourTest extends DatabaseTest {

  @Test
  void fromNothingToAnOrder() {
    Agent agent = newAgent("agt_tour");
    TenantScope tour = crm.tenant("agt_tour");
    assertThat(tour.agentId()).isEqualTo(agent.id());

    Customer ada = tour.customers().findOrCreateByPhone("4915112345678", "Ada");
    Message hello = tour.messages().recordInbound(ada.id(), "Hello", Instant.now());
    Message answer = tour.messages().recordOutbound(ada.id(), "Good morning");
    OrderWithItems order =
        tour.orders()
            .place(
                NewOrder.of(
                        ada.id(),
                        List.of(
                            new NewOrderItem("Tea", 2, new BigDecimal("3.50")),
                            new NewOrderItem("Cup", 1, new BigDecimal("8"))))
                    .notes("ring twice"));

    assertThat(order.order().total()).isEqualByComparingTo("15.00");
    assertThat(tour.orders().find(order.order().id())).contains(order);
    assertThat(tour.messages().timeline(ada.id(), PageRequest.first(10)).items())
        .containsExactlyInAnyOrder(hello, answer);
    assertThat(tour.conversations().latest(PageRequest.first(10)).items())
        .singleElement()
        .satisfies(conversation -> assertThat(conversation.customer()).isEqualTo(ada));
    assertThat(crm.agents().delete(agent.id())).isTrue();
  }
}
