package dev.dovetable.schema.internal.catalog;

import java.util.List;
import java.util.Optional;

/**
 * An object, or a property of one, that isn't as expected.
 *
 * @param subject the agent's id, or that of {@link Blueprint#INSTALLATION}
 * @param kind what it is
 * @param home the schema that it is in
 * @param relation the table, sequence or function
 * @param name its name there; empty if it is the relation itself
 * @param expected its definition; empty if there should be no such thing
 * @param found its definition; empty if there is no such thing
 * @param makeExpected statements that make it as it should be
 * @param makeFound statements that would make what was found; only where nothing is expected
 * @param undoFound statements that take away what was found, if that is harmless
 */
public record Difference(
    long subject,
    ObjectKind kind,
    String home,
    String relation,
    String name,
    Optional<String> expected,
    Optional<String> found,
    List<String> makeExpected,
    List<String> makeFound,
    List<String> undoFound) {

  /** As {@link Blueprint#key}. */
  public String key() {
    return Blueprint.key(kind, relation, name);
  }

  public boolean isMissing() {
    return found.isEmpty();
  }

  public boolean isExtra() {
    return expected.isEmpty();
  }

  /** Whether this is about the relation itself. */
  public boolean isWhole() {
    return name.isEmpty();
  }
}
