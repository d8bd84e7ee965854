package dev.dovetable.testkit.internal;

import dev.dovetable.core.common.Page;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.orders.Order;
import org.assertj.core.presentation.StandardRepresentation;

/** Shows rows without what people wrote and without their numbers and addresses. Immutable. */
public final class WithoutBodies extends StandardRepresentation {

  @Override
  public String toStringOf(Object object) {
    if (object instanceof Message message) {
      return "Message[id=%d, customerId=%d, %s, %s, %d characters]"
          .formatted(
              message.id(),
              message.customerId(),
              message.direction(),
              message.timestamp(),
              message.text().length());
    }
    if (object instanceof Page<?> page) {
      return "Page" + toStringOf(page.items());
    }
    if (object instanceof Order order) {
      return "Order[id=%d, customerId=%d, total=%s, %s]"
          .formatted(order.id(), order.customerId(), order.total(), order.status());
    }
    if (object instanceof Customer customer) {
      return "Customer[id=%d]".formatted(customer.id());
    }
    return super.toStringOf(object);
  }
}
