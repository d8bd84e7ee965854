package dev.dovetable.schema.doctor;

import static java.util.Objects.requireNonNull;

import dev.dovetable.schema.doctor.CrmDoctor.OrderTotals;
import dev.dovetable.schema.internal.settings.Bounds;
import dev.dovetable.schema.internal.settings.Target;
import java.time.Duration;
import java.util.Optional;

/** Settings of an examination; see {@link CrmDoctor.Builder}. Immutable and thread-safe. */
record DoctorSettings(
    Target target, OrderTotals orderTotals, Duration lockTimeout, Duration giveUpAfter) {

  private static final Duration MAX_LOCK_TIMEOUT = Duration.ofHours(1);
  private static final Duration MAX_GIVE_UP = Duration.ofDays(1);

  DoctorSettings {
    requireNonNull(orderTotals, "orderTotals");
    Bounds.require("lockTimeout", lockTimeout, Duration.ofMillis(1), MAX_LOCK_TIMEOUT);
    Bounds.require("giveUpAfter", giveUpAfter, Duration.ZERO, MAX_GIVE_UP);
  }

  static DoctorSettings of(
      String schema, OrderTotals orderTotals, Duration lockTimeout, Duration giveUpAfter) {
    return new DoctorSettings(
        new Target(schema, Optional.empty(), Target.DEFAULT_LOCK_TIMEOUT),
        orderTotals,
        lockTimeout,
        giveUpAfter);
  }
}
