package dev.dovetable.core.internal.sql;

import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.RefusedException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Work on the tables of the inbox, which may not be there. */
public final class InboxRequired {

  private InboxRequired() {}

  /** Does the work; the server's words about a missing table would say too little. */
  public static <T extends @Nullable Object> T run(AgentIdentity agent, Supplier<T> work) {
    try {
      return work.get();
    } catch (DatabaseException e) {
      if (e.kind() == DatabaseException.Kind.NOT_INSTALLED) {
        throw new RefusedException(
            RefusedException.Reason.INBOX_NOT_REGISTERED,
            "The agent " + agent.prefix() + " has no tables for an inbox.",
            "Run at every start, after CrmSchema.install:"
                + " AgentMigrations.builder(Webhooks.extension(), Inbox.extension()).schema(\""
                + agent.schema()
                + "\").build().run(dataSource);",
            e);
      }
      throw e;
    }
  }
}
