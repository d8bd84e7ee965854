package dev.dovetable.examples.appointments;

import static dev.dovetable.examples.appointments.jooq.Tables.CUSTOMERS;
import static dev.dovetable.testkit.CrmAssertions.assertThat;
import static dev.dovetable.testkit.CrmAssertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.testkit.CrmTest;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

@CrmTest(extensions = AppointmentsExtension.class)
class CalendarTest {
  private static final Instant NINE = Instant.parse("2026-02-03T09:00:00Z");
  private static final Instant TEN = Instant.parse("2026-02-03T10:00:00Z");
  private static final Instant NEXT_DAY = Instant.parse("2026-02-04T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void booksAndConfirms(TenantScope shop) {
    Calendar calendar = new Calendar(shop);
    Appointment second = calendar.book("12025550142", "Maria", "Cut", TEN, HOUR);
    Appointment first = calendar.book("12025550143", "Tom", "Colour", NINE, HOUR);

    assertThat(calendar.between(NINE, NEXT_DAY)).containsExactly(first, second);
    assertThat(calendar.between(TEN, NEXT_DAY)).containsExactly(second);
    assertThat(shop.messages().timeline(second.customerId(), PageRequest.first(10)))
        .hasTexts("See you! Cut is booked.");
    var customers = shop.table(CUSTOMERS);
    assertThat(
            shop.dsl()
                .select(customers.PREFERRED_SERVICE)
                .from(customers)
                .where(customers.ID.eq(first.customerId()))
                .fetchSingle()
                .value1())
        .isEqualTo("Colour");
  }

  @Test
  void whatIsBookedTwiceIsNotBookedAtAll(TenantScope shop) {
    Calendar calendar = new Calendar(shop);
    Appointment booked = calendar.book("12025550142", "Maria", "Cut", NINE, HOUR);

    assertThatThrownBy(
            () -> calendar.book("12025550143", "Tom", "Colour", NINE.plusSeconds(3599), HOUR))
        .isInstanceOf(InvalidDataException.class);

    assertThat(calendar.between(NINE, NEXT_DAY)).containsExactly(booked);
    assertThat(shop.customers().findByPhone("12025550143")).isEmpty();
  }

  @Test
  void whatIsCancelledIsFreeAgain(TenantScope shop) {
    Calendar calendar = new Calendar(shop);
    Appointment cancelled = calendar.book("12025550142", "Maria", "Cut", NINE, HOUR);

    assertThat(calendar.cancel(cancelled.id(), NINE)).isTrue();
    assertThat(calendar.cancel(cancelled.id(), NINE)).isFalse();
    assertThat(calendar.between(NINE, NEXT_DAY)).isEmpty();

    Appointment other = calendar.book("12025550143", "Tom", "Colour", NINE, HOUR);
    assertThat(calendar.between(NINE, NEXT_DAY)).containsExactly(other);
  }

  @Test
  void aSalonKnowsItsOwnAppointmentsOnly(TenantScope shop, TenantScope neighbour) {
    Calendar calendar = new Calendar(shop);
    assertThat(calendar.favourite()).isEmpty();
    Appointment booked = calendar.book("12025550142", "Maria", "Cut", NINE, HOUR);

    Calendar next = new Calendar(neighbour);
    assertThat(next.between(NINE, NEXT_DAY)).isEmpty();
    assertThat(next.cancel(booked.id(), NINE)).isFalse();
    assertThat(next.favourite()).isEmpty();
    assertThat(calendar.favourite()).contains("Cut");
    assertThat(neighbour).cannotSee(shop);
  }
}
