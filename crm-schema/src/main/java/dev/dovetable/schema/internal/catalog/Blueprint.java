package dev.dovetable.schema.internal.catalog;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How subjects should be: what a fresh one has, in which two texts stand for a subject's own.
 *
 * @param first the text that stands for an agent's prefix, or for the private schema
 * @param second the text that stands for an agent's id, or for the schema
 * @param relations the relations to look at
 * @param functions the functions to look at, whatever their parameters: an agent's own
 * @param schemas the schemas whose functions and types to look at; none for agents
 * @param expected what a fresh one has
 */
public record Blueprint(
    String first,
    String second,
    List<Name> relations,
    List<Name> functions,
    List<Schema> schemas,
    List<Expected> expected) {

  /** The subject that stands for the installation; agents' ids are greater. */
  public static final long INSTALLATION = 0;

  /** A relation or function by its schema and name. */
  public record Name(String home, String name) {}

  /** A schema, and whether it is ours alone. */
  public record Schema(String name, boolean isPrivate) {}

  /**
   * What is compared.
   *
   * @param id the agent's, or {@link #INSTALLATION}
   * @param state which of the expectations are its own: versions of extensions
   * @param first what stands in place of {@link Blueprint#first}
   * @param second what stands in place of {@link Blueprint#second}
   */
  public record Subject(long id, String state, String first, String second) {}

  /**
   * One object, or property of one, of a subject in that state.
   *
   * @param value its definition
   * @param otherValue its definition once it was made from that definition, as by pg_dump or a
   *     repair: PostgreSQL doesn't print every expression so that it would be read the same
   * @param statements what makes it
   */
  public record Expected(
      String state,
      ObjectKind kind,
      String home,
      String relation,
      String name,
      String value,
      String otherValue,
      List<String> statements) {

    public static Expected of(String state, Difference fresh) {
      String value = fresh.found().orElseThrow();
      return new Expected(
          state,
          fresh.kind(),
          fresh.home(),
          fresh.relation(),
          fresh.name(),
          value,
          value,
          fresh.makeFound());
    }

    public Expected madeBy(List<String> otherStatements) {
      return new Expected(state, kind, home, relation, name, value, otherValue, otherStatements);
    }

    public Expected orElse(String other) {
      return new Expected(state, kind, home, relation, name, value, other, statements);
    }

    public String key() {
      return Blueprint.key(kind, relation, name);
    }
  }

  public Blueprint {
    relations = List.copyOf(relations);
    functions = List.copyOf(functions);
    schemas = List.copyOf(schemas);
    expected = List.copyOf(expected);
  }

  /** The states that something is expected of. */
  public Set<String> states() {
    return expected.stream().map(Expected::state).collect(Collectors.toSet());
  }

  /** With nothing expected, to read what a fresh one has. */
  public static Blueprint empty(List<Name> relations, List<Name> functions, List<Schema> schemas) {
    // No name holds these characters, so nothing is replaced.
    return new Blueprint("\u0001", "\u0002", relations, functions, schemas, List.of());
  }

  /** Kind, relation and name of what a subject in that state has. */
  public Set<String> keys(String state) {
    Set<String> keys = new TreeSet<>();
    for (Expected one : expected) {
      if (one.state().equals(state)) {
        keys.add(one.key());
      }
    }
    return keys;
  }

  public static String key(ObjectKind kind, String relation, String name) {
    return String.join("\n", kind.toString(), relation, name);
  }
}
