package dev.dovetable.core.internal.sql;

/** Whom statements are about. */
public sealed interface Subject permits AgentIdentity, BaseTables {
  /** To be read after "for". */
  String name();
}
