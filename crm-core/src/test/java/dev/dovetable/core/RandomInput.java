package dev.dovetable.core;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;

/** What the steps of an {@link AgentModel} are about; few values, so that they meet. */
final class RandomInput {
  private static final Instant BASE = Instant.parse("2026-03-29T00:59:59.999998Z");

  private final Random random;

  RandomInput(Random random) {
    this.random = random;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean coin() {
    return random.nextBoolean();
  }

  /** One that exists, as a rule. */
  int id(NavigableMap<Integer, ?> rows) {
    return random.nextInt(8) == 0 ? 1_000_000 : pick(rows).orElse(1_000_000);
  }

  Optional<Integer> pick(NavigableMap<Integer, ?> rows) {
    Collection<Integer> ids = rows.keySet();
    return ids.stream().skip(ids.isEmpty() ? 0 : random.nextInt(ids.size())).findFirst();
  }

  NewOrderItem item() {
    return new NewOrderItem(
        text(), 1 + random.nextInt(5), BigDecimal.valueOf(random.nextInt(10_000), 2));
  }

  String phone() {
    return "1555" + random.nextInt(6);
  }

  Instant time() {
    return BASE.plusNanos(1000L * random.nextInt(6));
  }

  String text() {
    String[] texts = {
      "Ada", "it's", "\"İ\"", "a\\b", "שלום", "👩‍👩‍👧", "?{0}:x$1", "x".repeat(40)
    };
    return texts[random.nextInt(texts.length)];
  }
}
