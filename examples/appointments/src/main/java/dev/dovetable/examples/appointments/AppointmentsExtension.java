package dev.dovetable.examples.appointments;

import dev.dovetable.schema.migration.AgentExtension;
import java.util.function.Supplier;

/** What every agent gets: a table of appointments, and a column of customers. Thread-safe. */
public final class AppointmentsExtension implements Supplier<AgentExtension> {

  /** Creates it; {@code AgentMigrations} and the tests ask it for the extension. */
  public AppointmentsExtension() {}

  @Override
  public AgentExtension get() {
    return AgentExtension.fromClassPath(
        "appointments",
        "db/appointments",
        "001_create_appointments.sql",
        "002_add_cancellations.sql");
  }
}
