package dev.dovetable.examples.appointments;

import static dev.dovetable.examples.appointments.jooq.Tables.APPOINTMENTS;
import static dev.dovetable.examples.appointments.jooq.Tables.CUSTOMERS;
import static org.jooq.Records.mapping;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.examples.appointments.jooq.tables.Appointments;
import dev.dovetable.examples.appointments.jooq.tables.Customers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.impl.DSL;

/**
 * A salon's appointments: every salon is an agent, and sees its own only. Immutable and
 * thread-safe.
 */
public final class Calendar {
  private final TenantScope shop;
  private final Appointments appointments;
  private final Customers customers;

  /**
   * The calendar of one salon.
   *
   * @param shop the salon's scope
   */
  public Calendar(TenantScope shop) {
    this.shop = shop;
    this.appointments = shop.table(APPOINTMENTS);
    this.customers = shop.table(CUSTOMERS);
  }

  /**
   * Books an appointment, notes what the customer likes, and confirms by message: all or nothing.
   *
   * @param phone the customer's number
   * @param name the customer's name, for a new one
   * @param service what is to be done
   * @param startsAt when it begins
   * @param duration how long it takes
   * @return the appointment
   * @throws dev.dovetable.core.common.InvalidDataException if there is another at that time
   */
  public Appointment book(
      String phone, String name, String service, Instant startsAt, Duration duration) {
    return shop.transaction(
        tx -> {
          Customer customer = tx.customers().findOrCreateByPhone(phone, name);
          Instant endsAt = startsAt.plus(duration);
          long id =
              tx.dsl()
                  .insertInto(appointments)
                  .set(appointments.CUSTOMER_ID, customer.id())
                  .set(appointments.SERVICE, service)
                  .set(appointments.STARTS_AT, startsAt)
                  .set(appointments.ENDS_AT, endsAt)
                  .returningResult(appointments.ID)
                  .fetchSingle()
                  .value1();
          tx.dsl()
              .update(customers)
              .set(customers.PREFERRED_SERVICE, service)
              .where(customers.ID.eq(customer.id()))
              .execute();
          tx.messages().recordOutbound(customer.id(), "See you! " + service + " is booked.");
          return new Appointment(id, customer.id(), customer.name(), service, startsAt, endsAt);
        });
  }

  /**
   * The appointments that begin in some time, the earliest first; cancelled ones are left out.
   *
   * @param from the beginning
   * @param to the end, exclusive
   * @return the appointments with their customers
   */
  public List<Appointment> between(Instant from, Instant to) {
    return shop.dsl()
        .select(
            appointments.ID,
            customers.ID,
            customers.NAME,
            appointments.SERVICE,
            appointments.STARTS_AT,
            appointments.ENDS_AT)
        .from(appointments)
        .join(customers)
        .on(customers.ID.eq(appointments.CUSTOMER_ID))
        .where(appointments.STARTS_AT.ge(from))
        .and(appointments.STARTS_AT.lt(to))
        .and(appointments.CANCELLED_AT.isNull())
        .orderBy(appointments.STARTS_AT)
        .fetch(mapping(Appointment::new));
  }

  /**
   * Cancels an appointment, so that its time is free again.
   *
   * @param id the appointment's id
   * @param now when the customer said so
   * @return whether there was one to cancel
   */
  public boolean cancel(long id, Instant now) {
    return shop.dsl()
            .update(appointments)
            .set(appointments.CANCELLED_AT, now)
            .where(appointments.ID.eq(id))
            .and(appointments.CANCELLED_AT.isNull())
            .execute()
        == 1;
  }

  /**
   * What is booked most.
   *
   * @return the service; nothing before the first appointment
   */
  public Optional<String> favourite() {
    return shop.dsl()
        .select(appointments.SERVICE)
        .from(appointments)
        .groupBy(appointments.SERVICE)
        .orderBy(DSL.count().desc(), appointments.SERVICE)
        .limit(1)
        .fetchOptional(appointments.SERVICE);
  }
}
