package dev.dovetable.core.internal.sql;

import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.RefusedException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Work on the tables that webhooks need beside each agent's four, and that may not be there. */
public final class WebhooksRequired {

  private WebhooksRequired() {}

  /** Does the work; the server's words about a missing table would say too little. */
  public static <T extends @Nullable Object> T run(AgentIdentity agent, Supplier<T> work) {
    try {
      return work.get();
    } catch (DatabaseException e) {
      if (e.kind() == DatabaseException.Kind.NOT_INSTALLED) {
        throw missing(agent, e);
      }
      throw e;
    }
  }

  /**
   * What is thrown in place of what the server says about missing tables.
   *
   * @param cause the server's words, or null if it was not asked
   */
  public static RefusedException missing(AgentIdentity agent, @Nullable Throwable cause) {
    return new RefusedException(
        RefusedException.Reason.WEBHOOKS_NOT_REGISTERED,
        "The agent " + agent.prefix() + " has no tables for webhooks.",
        "Run at every start, after CrmSchema.install: AgentMigrations.builder(Webhooks.extension())"
            + ".schema(\""
            + agent.schema()
            + "\").build().run(dataSource);",
        cause);
  }
}
