package dev.dovetable.core.inbox;

import dev.dovetable.schema.migration.AgentExtension;

/**
 * What an inbox needs beside an agent's four tables: the state of each conversation, kept by
 * triggers, with tags, notes and changes. Whoever doesn't register it pays nothing.
 *
 * <pre>{@code
 * AgentMigrations.of(Webhooks.extension(), Inbox.extension()).run(dataSource); // at every start
 * }</pre>
 */
public final class Inbox {
  private static final String EXTENSION = "inbox";
  private static final String FOLDER = "dev/dovetable/core/inbox";

  private Inbox() {}

  /**
   * The tables, named {@code {prefix}_conversations}, {@code {prefix}_conversation_tags} and so on,
   * and the triggers that keep them. Numbers and groups are told if the agent has the tables of
   * {@link dev.dovetable.core.webhooks.Webhooks#extension()}, too.
   *
   * @return the extension, to be run by {@link dev.dovetable.schema.migration.AgentMigrations}
   */
  public static AgentExtension extension() {
    return AgentExtension.fromClassPath(
        EXTENSION, FOLDER, "001_create_conversations.sql", "002_keep_conversations.sql");
  }
}
