package dev.dovetable.core.internal.sql;

import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.schema.internal.jdbc.SqlStates;
import java.sql.SQLException;
import java.util.function.Supplier;

/** Work that needs the functions and indexes of {@code MessageSearch.extension()}. */
public final class SearchRequired {

  private SearchRequired() {}

  /** Does the work; the server's words about a missing function would say too little. */
  public static <T> T run(AgentIdentity agent, Supplier<T> work) {
    try {
      return work.get();
    } catch (DatabaseException e) {
      boolean isUnfinished =
          e.getCause() instanceof SQLException told
              && SqlStates.NOT_SEARCHABLE.equals(told.getSQLState());
      if (isUnfinished || e.kind() == DatabaseException.Kind.NOT_INSTALLED) {
        throw new RefusedException(
            RefusedException.Reason.SEARCH_NOT_REGISTERED,
            "Agent " + agent.prefix() + " has no index to search by, or not yet.",
            "Run at every start, after CrmSchema.install: AgentMigrations.builder("
                + "MessageSearch.extension()).schema(\""
                + agent.schema()
                + "\").build().run(dataSource);",
            e);
      }
      throw e;
    }
  }
}
