package dev.dovetable.spring.metrics;

import java.util.Set;

/** WhatsApp's kinds of messages. A tag must not take whatever a body says. */
final class MessageKinds {
  static final String OTHER = "other";

  private static final Set<String> KNOWN =
      Set.of(
          "audio",
          "button",
          "contacts",
          "document",
          "edit",
          "image",
          "interactive",
          "location",
          "none",
          "order",
          "reaction",
          "request_welcome",
          "revoke",
          "sticker",
          "system",
          "template",
          "text",
          "unsupported",
          "video");

  private MessageKinds() {}

  static String bounded(String kind) {
    return KNOWN.contains(kind) ? kind : OTHER;
  }
}
