package dev.dovetable.schema.doctor;

import dev.dovetable.schema.internal.settings.Target;
import java.time.Duration;

/** Settings of an examination; see {@link CrmDoctor.Builder}. Immutable and thread-safe. */
record DoctorSettings(
    Target target, OrderTotals orderTotals, Duration lockTimeout, Duration giveUpAfter) {}
