package dev.dovetable.examples.appointments;

import java.time.Instant;

/**
 * An appointment of a customer.
 *
 * @param id {@code {prefix}_appointments.id}
 * @param customerId {@code {prefix}_customers.id}
 * @param customer the customer's name
 * @param service what is done
 * @param startsAt when it begins
 * @param endsAt when the next one can begin
 */
public record Appointment(
    long id, int customerId, String customer, String service, Instant startsAt, Instant endsAt) {}
