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
  static final String OWN_NUMBER = "12025550199";

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

  /** A message in a group; the member's phone or user id may be missing. */
  public record InGroup(
      String id, String group, Optional<String> phone, Optional<String> userId, int at)
      implements Item {}

  /**
   * The place of a file in a chat of the past.
   *
   * @param userId of the customer, may be missing
   * @param isOwn whether the business wrote it
   */
  public record PastPlace(String id, String phone, Optional<String> userId, boolean isOwn, int at)
      implements Item {}

  /** The file itself, which WhatsApp dates by itself. */
  public record PastFile(String id, String phone, boolean isOwn, int at) implements Item {}

  /** That somebody wants no advertising; the phone or the user id may be missing. */
  public record Wish(String category, Optional<String> phone, Optional<String> userId, int at)
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
    ObjectNode change = JSON.createObjectNode();
    change.put("field", items.isEmpty() ? "messages" : field(items.get(0)));
    ObjectNode value = change.putObject("value").put("messaging_product", "whatsapp");
    value
        .putObject("metadata")
        .put("display_phone_number", OWN_NUMBER)
        .put("phone_number_id", phoneNumberId);
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
    if (addRarer(value, item)) {
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

  private static String field(Item item) {
    if (item instanceof Wish) {
      return "user_preferences";
    }
    return item instanceof PastPlace || item instanceof PastFile ? "history" : "messages";
  }

  /** False if it is something else. */
  private static boolean addRarer(ObjectNode value, Item item) {
    if (item instanceof InGroup message) {
      ObjectNode row = message(value, message.id(), message.at());
      row.put("group_id", message.group()).put("type", "text");
      row.putObject("text").put("body", "text of " + message.id());
      message.phone().ifPresent(phone -> row.put("from", phone));
      message.userId().ifPresent(id -> row.put("from_user_id", id));
    } else if (item instanceof PastPlace place) {
      ObjectNode thread = value.withArray("history").addObject().putArray("threads").addObject();
      thread.put("id", place.phone());
      place
          .userId()
          .ifPresent(
              id -> thread.putObject("context").put("wa_id", place.phone()).put("user_id", id));
      ObjectNode row = message(thread, place.id(), place.at());
      addresses(row, place.phone(), place.isOwn()).put("type", "media_placeholder");
    } else if (item instanceof PastFile file) {
      ObjectNode row = message(value, file.id(), file.at());
      addresses(row, file.phone(), file.isOwn()).put("type", "image");
      row.putObject("image").put("id", "9001");
    } else if (item instanceof Wish wish) {
      ObjectNode row = value.withArray("user_preferences").addObject();
      wish.phone().ifPresent(phone -> row.put("wa_id", phone));
      wish.userId().ifPresent(id -> row.put("user_id", id));
      row.put("category", wish.category()).put("value", "stop");
      row.put("timestamp", second(wish.at()));
    } else {
      return false;
    }
    return true;
  }

  private static ObjectNode message(ObjectNode parent, String id, int at) {
    return parent
        .withArray("messages")
        .addObject()
        .put("id", id)
        .put("timestamp", Long.toString(second(at)));
  }

  private static ObjectNode addresses(ObjectNode row, String phone, boolean isOwn) {
    return row.put("from", isOwn ? OWN_NUMBER : phone).put("to", isOwn ? phone : OWN_NUMBER);
  }
}
