package dev.dovetable.core.common;

import dev.dovetable.schema.errors.CrmException;
import org.jspecify.annotations.Nullable;

/** There is no such agent: there never was one, or it has been deleted. */
public final class UnknownAgentException extends CrmException {
  private static final long serialVersionUID = 1L;

  /** The agent's prefix. */
  private final String prefix;

  /**
   * Internal: the library throws it.
   *
   * @param prefix the agent's
   * @param cause what the driver threw, without data; or null
   */
  public UnknownAgentException(String prefix, @Nullable Throwable cause) {
    super(
        "There is no agent " + prefix + ": it has been deleted, or never existed.",
        "Check the prefix, or make the agent: crm.asService().agents().create(…).",
        cause);
    this.prefix = prefix;
  }

  /**
   * The prefix that no agent has.
   *
   * @return a well-formed prefix
   */
  public String prefix() {
    return prefix;
  }
}
