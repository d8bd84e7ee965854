package dev.dovetable.core.webhooks;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Bodies of callbacks, and what they hold. */
public final class WebhookBodies {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final long EPOCH = 1_790_000_000L;

  private WebhookBodies() {}

  /** The seconds that make a time in a message. */
  public static long second(int n) {
    return EPOCH + n;
  }

  /** What a change holds. */
  public sealed interface Item {}

  /**
   * A text message.
   *
   * @param phone or the user id may be missing
   */
  public record Text(
      String id, Optional<String> phone, Optional<String> userId, Optional<String> name, int at)
      implements Item {
    public static Text from(String id, String phone, String name, int at) {
      return new Text(id, Optional.of(phone), Optional.empty(), Optional.of(name), at);
    }

    public static Text from(String id, String phone, String userId, String name, int at) {
      return new Text(id, Optional.of(phone), Optional.of(userId), Optional.of(name), at);
    }

    public static Text fromUserId(String id, String userId, String name, int at) {
      return new Text(id, Optional.empty(), Optional.of(userId), Optional.of(name), at);
    }
  }

  /** A customer goes by another number from now on. */
  public record NewNumber(String id, String phone, String newPhone, int at) implements Item {}

  /**
   * A customer goes by another user id from now on.
   *
   * @param previous may be missing
   */
  public record NewUserId(
      String id, String phone, Optional<String> previous, String newUserId, int at)
      implements Item {}

  /** A customer known by user id answers with the own number. */
  public record OwnNumber(String id, String userId, String phone, int at) implements Item {}

  /** A status that says who the recipient is. */
  public record StatusFor(String id, String state, String phone, String userId, int at)
      implements Item {}

  /** A status. */
  public record Status(String id, String state, int at) implements Item {}

  public static String body(String phoneNumberId, Item... items) {
    return body(List.of(change(phoneNumberId, List.of(items))));
  }

  public static String body(String phoneNumberId, List<? extends Item> items) {
    return body(List.of(change(phoneNumberId, items)));
  }

  public static String body(List<String> changes) {
    return "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"2045901\",\"changes\":["
        + String.join(",", changes)
        + "]}]}";
  }

  /** One contact per change, as WhatsApp sends them: so one sender per change. */
  public static String changes(String phoneNumberId, List<? extends Item> items) {
    return items.stream()
        .map(item -> change(phoneNumberId, List.of(item)))
        .collect(Collectors.joining(","));
  }

  public static String change(String phoneNumberId, List<? extends Item> items) {
    ObjectNode change = JSON.createObjectNode().put("field", "messages");
    ObjectNode value = change.putObject("value").put("messaging_product", "whatsapp");
    value.putObject("metadata").put("phone_number_id", phoneNumberId);
    texts(items)
        .forEach(
            text -> {
              ObjectNode contact = value.withArray("contacts").addObject();
              text.name().ifPresent(name -> contact.putObject("profile").put("name", name));
              text.phone().ifPresent(phone -> contact.put("wa_id", phone));
              text.userId().ifPresent(id -> contact.put("user_id", id));
            });
    items.forEach(item -> add(value, item));
    return JSON.writeValueAsString(change);
  }

  private static Stream<Text> texts(List<? extends Item> items) {
    return items.stream().filter(Text.class::isInstance).map(Text.class::cast);
  }

  private static void add(ObjectNode value, Item item) {
    if (item instanceof Status status) {
      ObjectNode row = value.withArray("statuses").addObject();
      row.put("id", status.id()).put("status", status.state());
      row.put("timestamp", Long.toString(second(status.at())));
      if (status.state().equals("failed")) {
        row.putArray("errors").addObject().put("code", 131000 + status.at());
      }
      return;
    }
    if (item instanceof StatusFor status) {
      ObjectNode row = value.withArray("statuses").addObject();
      row.put("id", status.id()).put("status", status.state());
      row.put("timestamp", Long.toString(second(status.at())));
      row.put("recipient_id", status.phone()).put("recipient_user_id", status.userId());
      return;
    }
    ObjectNode row = value.withArray("messages").addObject();
    if (item instanceof NewUserId change) {
      row.put("from", change.phone()).put("id", change.id());
      row.put("timestamp", Long.toString(second(change.at()))).put("type", "system");
      row.put("from_user_id", change.newUserId());
      ObjectNode system = row.putObject("system").put("body", "changed");
      system.put("type", "user_changed_user_id").put("user_id", change.newUserId());
      change.previous().ifPresent(previous -> system.put("previous_user_id", previous));
    } else if (item instanceof OwnNumber answer) {
      row.put("from_user_id", answer.userId()).put("id", answer.id());
      row.put("timestamp", Long.toString(second(answer.at()))).put("type", "contacts");
      row.put("origin", "contact_request");
      ObjectNode card = row.putArray("contacts").addObject();
      card.putArray("phones").addObject().put("wa_id", answer.phone());
    } else if (item instanceof Text text) {
      text.phone().ifPresent(phone -> row.put("from", phone));
      text.userId().ifPresent(id -> row.put("from_user_id", id));
      row.put("id", text.id()).put("timestamp", Long.toString(second(text.at())));
      row.put("type", "text").putObject("text").put("body", "text of " + text.id());
    } else if (item instanceof NewNumber change) {
      row.put("from", change.phone()).put("id", change.id());
      row.put("timestamp", Long.toString(second(change.at()))).put("type", "system");
      row.putObject("system")
          .put("body", "changed")
          .put("type", "user_changed_number")
          .put("wa_id", change.newPhone());
    }
  }
}
