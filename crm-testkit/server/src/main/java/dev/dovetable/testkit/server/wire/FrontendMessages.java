package dev.dovetable.testkit.server.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads what one client sends in PostgreSQL's protocol. Belongs to one thread. */
final class FrontendMessages {

  private static final int PARSE = 'P';
  private static final int BIND = 'B';
  private static final int SYNC = 'S';
  private static final int SIMPLE_QUERY = 'Q';
  private static final String BEGIN = "BEGIN";

  private final List<WireTap.Listener> listeners;

  /** The driver sends a statement's text once, and its name from then on. */
  private final Map<String, String> prepared = new HashMap<>();

  FrontendMessages(List<WireTap.Listener> listeners) {
    this.listeners = listeners;
  }

  /** Looks at a message that is complete. */
  void see(int type, byte[] body) {
    switch (type) {
      case PARSE -> {
        ByteBuffer buffer = ByteBuffer.wrap(body);
        String name = text(buffer);
        prepared.put(name, text(buffer));
      }
      case BIND -> bind(ByteBuffer.wrap(body));
      case SYNC -> listeners.forEach(WireTap.Listener::roundTrip);
      case SIMPLE_QUERY -> {
        String sql = text(ByteBuffer.wrap(body));
        listeners.forEach(listener -> listener.statement(sql, List.of()));
        if (!sql.equals(BEGIN)) {
          listeners.forEach(WireTap.Listener::roundTrip);
        }
      }
      default -> {
        // Nothing that a listener is told of.
      }
    }
  }

  private void bind(ByteBuffer buffer) {
    if (listeners.isEmpty()) {
      return;
    }
    text(buffer); // the portal
    String sql = prepared.getOrDefault(text(buffer), "");
    short[] formats = new short[buffer.getShort()];
    for (int i = 0; i < formats.length; i++) {
      formats[i] = buffer.getShort();
    }
    int count = buffer.getShort();
    List<String> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = buffer.getInt();
      if (length < 0) {
        continue; // null
      }
      byte[] value = new byte[length];
      buffer.get(value);
      // None means text for all, one means that one for all.
      int format = formats.length == 0 ? 0 : formats[formats.length == 1 ? 0 : i];
      if (format == 0) {
        values.add(new String(value, StandardCharsets.UTF_8));
      }
    }
    listeners.forEach(listener -> listener.statement(sql, values));
  }

  /** Up to the zero that ends it. */
  private static String text(ByteBuffer buffer) {
    int start = buffer.position();
    while (buffer.get() != 0) {
      continue;
    }
    return new String(buffer.array(), start, buffer.position() - 1 - start, StandardCharsets.UTF_8);
  }
}
