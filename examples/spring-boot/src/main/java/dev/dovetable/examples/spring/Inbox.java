package dev.dovetable.examples.spring;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.inbox.Conversation;
import dev.dovetable.core.messages.Message;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** An agent's conversations, as the signed-in user sees them. Each request is one statement. */
@RestController
@RequestMapping("/agents/{prefix}")
class Inbox {

  /** What a customer wrote elsewhere than on WhatsApp: in a shop's own chat, say. */
  record Incoming(String phone, String name, String text) {
    Incoming {
      requireNonNull(phone, "phone");
      requireNonNull(name, "name");
      requireNonNull(text, "text");
    }
  }

  /**
   * Part of a list.
   *
   * @param next to be passed as {@code after}; absent on the last page
   */
  record Slice<T>(List<T> items, Optional<String> next) {
    static <T> Slice<T> of(Page<T> page) {
      return new Slice<>(page.items(), page.next().map(Cursor::toString));
    }
  }

  @GetMapping("/conversations")
  Slice<Conversation> conversations(
      TenantScope shop,
      @RequestParam(defaultValue = "20") int limit,
      @RequestParam Optional<String> after) {
    return Slice.of(shop.conversations().latest(page(limit, after)));
  }

  @GetMapping("/customers/{id}/messages")
  Slice<Message> timeline(
      TenantScope shop,
      @PathVariable int id,
      @RequestParam(defaultValue = "50") int limit,
      @RequestParam Optional<String> after) {
    return Slice.of(shop.messages().timeline(id, page(limit, after)));
  }

  @PostMapping("/messages")
  @ResponseStatus(HttpStatus.CREATED)
  Message receive(TenantScope shop, @RequestBody Incoming message) {
    return shop.messages()
        .recordInboundFrom(message.phone(), message.name(), message.text(), Instant.now());
  }

  private static PageRequest page(int limit, Optional<String> after) {
    PageRequest first = PageRequest.first(limit);
    return after.map(text -> first.after(Cursor.parse(text))).orElse(first);
  }
}
