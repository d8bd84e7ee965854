package dev.dovetable.examples.spring;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.core.orders.Order;
import dev.dovetable.core.orders.OrderStatus;
import dev.dovetable.core.orders.OrderWithItems;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** An agent's orders, as the signed-in user sees them. */
@RestController
@RequestMapping("/agents/{prefix}/orders")
class Orders {

  /** What a customer wants to have. */
  record Wanted(int customerId, List<NewOrderItem> items) {
    Wanted {
      items = List.copyOf(items);
    }
  }

  /** A step in an order's life. */
  record Step(String status) {
    Step {
      requireNonNull(status, "status");
    }
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  OrderWithItems place(TenantScope shop, @RequestBody Wanted wanted) {
    return shop.orders().place(NewOrder.of(wanted.customerId(), wanted.items()));
  }

  @GetMapping("/{id}")
  ResponseEntity<OrderWithItems> find(TenantScope shop, @PathVariable int id) {
    return ResponseEntity.of(shop.orders().find(id));
  }

  @PutMapping("/{id}/status")
  Order changeStatus(TenantScope shop, @PathVariable int id, @RequestBody Step step) {
    return shop.orders().changeStatus(id, new OrderStatus(step.status()));
  }
}
