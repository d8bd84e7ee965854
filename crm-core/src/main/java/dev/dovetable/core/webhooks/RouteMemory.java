package dev.dovetable.core.webhooks;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Which agents callbacks went to before. Only a guess, because that may have changed meanwhile, so
 * {@link WebhookStores#ifRouted} has the server check it. Thread-safe.
 */
final class RouteMemory {
  private static final int CAPACITY = 10_000;

  /** WhatsApp's are digits. These need no escaping, whatever the server's settings are. */
  private static final Pattern PLAIN = Pattern.compile("[0-9A-Za-z]{1,100}");

  private final Map<String, String> prefixes = new ConcurrentHashMap<>();

  Optional<String> prefixOf(String phoneNumberId) {
    return Optional.ofNullable(prefixes.get(phoneNumberId));
  }

  void remember(String phoneNumberId, String prefix) {
    if (PLAIN.matcher(phoneNumberId).matches()) {
      if (prefixes.size() >= CAPACITY) {
        prefixes.clear();
      }
      prefixes.put(phoneNumberId, prefix);
    }
  }

  void forget(String phoneNumberId) {
    prefixes.remove(phoneNumberId);
  }
}
