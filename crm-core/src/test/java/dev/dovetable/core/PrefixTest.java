package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.testkit.server.wire.CustomDataSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Malformed prefixes never come near the database. */
class PrefixTest {
  private final AtomicInteger connections = new AtomicInteger();
  private final Crm crm =
      Crm.create(
          new CustomDataSource(
              () -> {
                connections.incrementAndGet();
                throw new java.sql.SQLException("no database here", "08001");
              }));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "Shop",
        "1shop",
        "_shop",
        "shop-1",
        "shop ",
        "shop\n",
        "\nshop",
        "shop\0",
        "s.hop",
        "agt_ı",
        "şop",
        "shop'",
        "shop\"",
        "shop;drop table users",
        "shop_customers\" union select * from users --",
        "x'; select pg_sleep(10); --",
        "$$shop$$",
        "{prefix}",
        "shop/*",
        "shop\\",
        "shop%",
        "shop?",
        "ｓhop",
        "shop\u202e",
        "abcdefghijklmnopqrstu"
      })
  void malformedPrefixIsRefusedBeforeAnySql(String prefix) {
    Thrown.refused(RefusedException.Reason.PREFIX_MALFORMED, () -> crm.asAgent(prefix));
    Thrown.refused(
        RefusedException.Reason.PREFIX_MALFORMED,
        () -> crm.asService().agents().findByPrefix(prefix));
    Thrown.refused(
        RefusedException.Reason.PREFIX_MALFORMED,
        () -> crm.asService().agents().create(UUID.randomUUID(), prefix, UUID.randomUUID()));
    assertThat(connections).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "agt_6f78", "z9", "abcdefghijklmnopqrst", "a____________________b"})
  void wellFormedPrefixIsTaken(String prefix) {
    String fitting = prefix.substring(0, Math.min(20, prefix.length()));
    assertThat(crm.asAgent(fitting).prefix()).isEqualTo(fitting);
    assertThat(connections).hasValue(0);
  }

  @Test
  void messageShowsNoControlCharacters() {
    try {
      crm.asAgent("a\r\nFORGED LOG LINE\u001b[31m" + "x".repeat(1000));
    } catch (RefusedException e) {
      assertThat(e.getMessage()).doesNotContainPattern("\\p{Cntrl}").hasSizeLessThan(250);
      return;
    }
    throw new AssertionError("taken");
  }
}
