package dev.dovetable.testkit;

import static dev.dovetable.testkit.CrmAssertions.assertThat;
import static dev.dovetable.testkit.CrmAssertions.assertThatThrownBy;
import static dev.dovetable.testkit.CrmAssertions.assertThatTimeline;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.MessageDirection;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.core.orders.OrderStatus;
import dev.dovetable.core.orders.OrderWithItems;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@CrmTest
class CrmAssertionsTest {
  private static final String BODY = "what nobody else may read";
  private static final String PHONE = "12025550142";

  private TenantScope shop;
  private Customer customer;

  @BeforeEach
  void makeCustomer(TenantScope shop) {
    this.shop = shop;
    this.customer = shop.customers().create(new NewCustomer("Ada", PHONE));
  }

  @Test
  void orders() {
    OrderWithItems order =
        shop.orders()
            .place(
                NewOrder.of(
                        customer.id(),
                        List.of(
                            new NewOrderItem("Tea", 2, new BigDecimal("7.50")),
                            new NewOrderItem("Milk", 1, new BigDecimal("2.5"))))
                    .notes(BODY));
    int id = order.order().id();

    assertThat(order)
        .hasTotal("17.5")
        .hasStatus(OrderStatus.PENDING)
        .isOfCustomer(customer.id())
        .hasItems("Tea", "Milk")
        .hasItem("Tea", 2, "7.5");
    assertThat(order.order()).hasTotal("17.50").hasStatus(OrderStatus.PENDING);

    fails(() -> assertThat(order).hasTotal("17.51"), "order " + id, "17.51", "17.50");
    fails(() -> assertThat(order).as("the first").hasTotal("1"), "[the first]");
    fails(() -> assertThat(order.order()).hasStatus(OrderStatus.SHIPPED), "shipped", "pending");
    fails(() -> assertThat(order).isOfCustomer(-1), "customer -1", "customer " + customer.id());
    fails(() -> assertThat(order).hasItems("Milk", "Tea"), "[Milk, Tea]", "[Tea, Milk]");
    fails(() -> assertThat(order).hasItem("Tea", 1, "7.5"), "1 × Tea", "2 × Tea at 7.50");
    fails(() -> assertThat(order.order()).isNull(), "Order[id=" + id);
  }

  @Test
  void timelines() {
    Instant time = Instant.parse("2026-01-01T00:00:00Z");
    shop.messages().recordInbound(customer.id(), "Hello", time);
    shop.messages().recordOutbound(customer.id(), BODY, time);
    Page<Message> newest = shop.messages().timeline(customer.id(), PageRequest.first(9));
    Page<Message> oldest = shop.messages().timelineOldestFirst(customer.id(), PageRequest.first(9));
    Page<Message> one = shop.messages().timeline(customer.id(), PageRequest.first(1));

    assertThat(newest)
        .isNewestFirst()
        .hasSize(2)
        .isComplete()
        .hasTexts(BODY, "Hello")
        .hasDirections(MessageDirection.OUTBOUND, MessageDirection.INBOUND);
    assertThat(oldest).isOldestFirst().hasTexts("Hello", BODY);
    assertThatTimeline(shop.messages().latest(customer.id(), 9))
        .isOldestFirst()
        .hasTexts("Hello", BODY);
    fails(() -> assertThatTimeline(List.of()).hasSize(1), "1 messages", "are 0");

    fails(() -> assertThat(newest).isOldestFirst(), "oldest first", "the 1. and the 2.");
    fails(() -> assertThat(oldest).isNewestFirst(), "newest first");
    fails(() -> assertThat(newest).hasSize(3), "3 messages", "are 2", "OUTBOUND");
    fails(() -> assertThat(one).isComplete(), "more follow these 1");
    fails(() -> assertThat(oldest).hasTexts("Hello"), "'Hello'", "another of 25 characters");
    fails(() -> assertThat(oldest).hasDirections(MessageDirection.INBOUND), "INBOUND", "OUTBOUND");
    fails(() -> assertThat(oldest).isNull(), "25 characters");
  }

  @Test
  void assertionsOfAssertJAreThereToo() {
    assertThat("text").startsWith("t");
    assertThat(List.of(1, 2)).hasSize(2);
    assertThat(shop.customers().list(PageRequest.first(1)).items()).containsExactly(customer);
  }

  private static void fails(ThrowingCallable assertion, String... said) {
    assertThatThrownBy(assertion)
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll(said)
        .hasMessageNotContainingAny(BODY, PHONE);
  }
}
