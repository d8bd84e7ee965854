package dev.dovetable.schema.doctor;

import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.doctor.Finding.Severity;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether somebody looks after the callbacks that led nowhere: nothing else removes them. */
final class KeptWebhooksCheck {
  private KeptWebhooksCheck() {}

  /** Within a transaction, with the functions' search_path. */
  static List<Finding> run(Connection connection) throws SQLException {
    boolean mayRead =
        Jdbc.querySingle(
            connection,
            Resources.read("doctor/may_read_webhooks.sql"),
            row -> row.getBoolean("may_read"));
    String limit = Long.toString(Capacity.KEPT_WEBHOOKS_LIMIT);
    boolean areMany =
        mayRead
            && Jdbc.querySingle(
                connection,
                Resources.read("doctor/kept_webhooks.sql"),
                row -> row.getBoolean("are_many"),
                limit,
                limit);
    return areMany
        ? List.of(
            new Finding(
                Code.WEBHOOKS_KEPT,
                Severity.WARNING,
                Optional.empty(),
                "unrouted_webhooks",
                String.format(
                    Locale.ROOT,
                    "more than %d callbacks are kept that led nowhere",
                    Capacity.KEPT_WEBHOOKS_LIMIT),
                "List them by webhooks().unrouted(…), mend what they lack, replay them, and purge the rest every day.",
                List.of()))
        : List.of();
  }
}
