package dev.dovetable.core.news;

import java.util.Locale;

/** What news is about. New kinds may be added. */
public enum NewsKind {
  /** A message template: approved, rejected, paused, of another quality or category. */
  TEMPLATE,
  /** The business account: restricted, banned, reviewed, other limits. */
  ACCOUNT,
  /** A business phone number: its quality, its limit, its name. */
  NUMBER,
  /** A call. */
  CALL,
  /** The address book of the business's app. */
  CONTACTS,
  /** A group: made, changed, joined or left. */
  GROUP,
  /** What became of a payment. */
  PAYMENT,
  /** Who answers a conversation now, and what others are told of meanwhile. */
  HANDOVER,
  /** A flow: published or throttled, or slow to answer. */
  FLOW,
  /** What WhatsApp takes for a lead or a purchase in a chat that an advertisement began. */
  CONVERSION,
  /** A customer has followed a link of a marketing message. */
  CLICK,
  /** A solution that the business shares with partners. */
  PARTNER,
  /** Past chats: how far they have come, or that the business doesn't share them. */
  HISTORY,
  /** A problem that WhatsApp tells and that is no message's. */
  ERROR,
  /** A field that this release doesn't know. */
  OTHER;

  String column() {
    return name().toLowerCase(Locale.ROOT);
  }

  static NewsKind ofColumn(String column) {
    try {
      return valueOf(column.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return OTHER; // of a newer release
    }
  }

  /** By the name of the field, if there is nothing but it to go by. */
  static NewsKind ofField(String field) {
    return switch (field) {
      case "message_template_status_update",
          "message_template_quality_update",
          "message_template_components_update",
          "template_category_update",
          "template_correct_category_detection" ->
          TEMPLATE;
      case "phone_number_quality_update",
          "phone_number_name_update",
          "business_username_update",
          "account_settings_update" ->
          NUMBER;
      case "calls" -> CALL;
      case "smb_app_state_sync" -> CONTACTS;
      case "payment_configuration_update" -> PAYMENT;
      case "messaging_handovers", "standby" -> HANDOVER;
      case "flows" -> FLOW;
      case "automatic_events" -> CONVERSION;
      case "partner_solutions" -> PARTNER;
      case "history" -> HISTORY;
      case "business_capability_update", "business_status_update", "security" -> ACCOUNT;
      default ->
          field.startsWith("account_") ? ACCOUNT : field.startsWith("group_") ? GROUP : OTHER;
    };
  }
}
