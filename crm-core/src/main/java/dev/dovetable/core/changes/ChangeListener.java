package dev.dovetable.core.changes;

import dev.dovetable.schema.errors.CrmException;
import java.util.List;

/**
 * Who is told what was written, by {@link ChangeFeed#listen}. One call at a time for one listener,
 * in a thread of the library's that all listeners of a {@link dev.dovetable.core.Crm} share: hand
 * on what takes longer.
 */
@FunctionalInterface
public interface ChangeListener {

  /**
   * Something was committed.
   *
   * @param changes at least one, each once. What this throws, whatever it is, is logged without its
   *     message, and they are not told again
   */
  void onChanges(List<Change> changes);

  /**
   * What has happened since can't be told any more: the connection was gone for longer than the
   * feed goes back, or the database was restored. Look at everything anew; from here on changes are
   * told again.
   */
  default void onLost() {}

  /**
   * Nothing will be told any more: the agent was deleted, also if there is another one of its
   * prefix by now, or the user lost access, or is gone.
   *
   * @param why what reading the feed has thrown: {@link
   *     dev.dovetable.core.common.UnknownAgentException} if no agent has the prefix, or the service
   *     listened; else {@link dev.dovetable.core.common.AccessDeniedException}
   */
  default void onEnd(CrmException why) {}
}
