package dev.dovetable.schema.doctor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The differences of one subject, without those that only follow from others: a table that is
 * missing has no columns either. What follows is made with what it follows from.
 */
final class Folding {
  /** In the order in which repairs must be made. */
  private static final List<String> KINDS =
      List.of(
          "schema",
          "type",
          "table",
          "table owner",
          "row security",
          "forced row security",
          "policy",
          "table privilege",
          "sequence",
          "column",
          "default",
          "not null",
          "sequence of column",
          "sequence owner",
          "sequence privilege",
          "constraint",
          "unproven constraint",
          "unenforced constraint",
          "index",
          "unusable index",
          "function",
          "function owner",
          "function privilege",
          "trigger",
          "disabled trigger",
          "rule");

  private static final List<String> OF_COLUMN = List.of("default", "not null", "comment on column");

  /** Properties of something that is missing or extra, by what they are properties of. */
  private static final Map<String, List<String>> PROPERTIES =
      Map.of(
          "column", OF_COLUMN,
          "constraint",
              List.of("unproven constraint", "unenforced constraint", "comment on constraint"),
          "index", List.of("unusable index", "comment on index"),
          "trigger", List.of("disabled trigger", "comment on trigger"),
          "policy", List.of("comment on policy"),
          "rule", List.of("comment on rule"));

  private static final Comparator<Difference> ORDER =
      Comparator.comparingInt(Folding::rank)
          .thenComparingInt(Folding::keysFirst)
          .thenComparing(Difference::relation)
          .thenComparing(Difference::name);

  private final List<Difference> differences;
  private final Map<String, Difference> byKey = new HashMap<>();
  private final Set<String> lostTables = new TreeSet<>();
  private final Map<String, String> tableOfSequence = new HashMap<>();

  private Folding(List<Difference> differences) {
    this.differences = differences.stream().sorted(ORDER).toList();
    for (Difference one : differences) {
      byKey.put(key(one.kind(), one.relation(), one.name()), one);
      if (one.kind().equals("table") && !one.isExtra() && !isStillATable(one)) {
        lostTables.add(one.relation());
      }
    }
    for (Difference one : differences) {
      if (one.kind().equals("sequence of column") && one.isMissing()) {
        for (String table : lostTables) {
          if (one.expected().orElseThrow().contains("." + table + ".")) {
            tableOfSequence.put(one.relation(), table);
          }
        }
      }
    }
  }

  /** What is left, with the statements that make what follows from it, too. */
  static List<Difference> fold(List<Difference> differences) {
    Folding folding = new Folding(differences);
    List<Difference> folded = new ArrayList<>();
    for (Difference one : folding.differences) {
      if (!folding.follows(one)) {
        folded.add(folding.withProperties(one));
      }
    }
    return folded;
  }

  private boolean follows(Difference one) {
    return isOfLostTable(one)
        || isPropertyOf(one, whole -> whole.isMissing() || whole.isExtra())
        || isOfLostRelation(one)
        || followsFromOwner(one);
  }

  private static boolean isStillATable(Difference table) {
    return table.found().filter(kind -> kind.endsWith("table")).isPresent();
  }

  private boolean isOfLostTable(Difference one) {
    return !one.kind().equals("table")
        && (lostTables.contains(one.relation())
            || tableOfSequence.containsKey(one.relation())
            || refersToLostTable(one));
  }

  private boolean refersToLostTable(Difference one) {
    return one.kind().equals("constraint")
        && one.isMissing()
        && lostTables.stream()
            .anyMatch(table -> one.expected().orElseThrow().contains("." + table + "("));
  }

  /** Privileges, owner and comment of a sequence or function that is missing, or nobody's. */
  private boolean isOfLostRelation(Difference one) {
    for (String kind : List.of("sequence", "function", "type", "schema", "table")) {
      Difference whole = byKey.get(key(kind, one.relation(), ""));
      if (kind.equals("function")) {
        whole = functions().get(one.relation());
      }
      if (whole != null && whole != one && (whole.isMissing() || whole.isExtra())) {
        return true;
      }
    }
    return false;
  }

  private Map<String, Difference> functions() {
    Map<String, Difference> functions = new HashMap<>();
    for (Difference one : differences) {
      if (one.kind().equals("function")) {
        functions.put(one.relation(), one);
      }
    }
    return functions;
  }

  private boolean isPropertyOf(Difference one, Predicate<Difference> condition) {
    for (Map.Entry<String, List<String>> entry : PROPERTIES.entrySet()) {
      Difference whole = byKey.get(key(entry.getKey(), one.relation(), one.name()));
      if (whole != null
          && whole != one
          && entry.getValue().contains(one.kind())
          && condition.test(whole)) {
        return true;
      }
    }
    return false;
  }

  /** Another owner has the owner's privileges, and of the sequences that belong to the table. */
  private boolean followsFromOwner(Difference one) {
    for (String kind : List.of("table", "sequence", "function")) {
      Difference owner = byKey.get(key(kind + " owner", one.relation(), ""));
      if (owner != null && one.kind().equals(kind + " privilege")) {
        return owner.expected().filter(one.name()::equals).isPresent()
            || owner.found().filter(one.name()::equals).isPresent();
      }
    }
    if (one.kind().startsWith("sequence ")) {
      for (Difference owner : differences) {
        if (owner.kind().equals("table owner")
            && one.relation().startsWith(owner.relation() + "_")) {
          return one.kind().equals("sequence owner")
              || one.kind().equals("sequence privilege")
                  && (owner.expected().filter(one.name()::equals).isPresent()
                      || owner.found().filter(one.name()::equals).isPresent());
        }
      }
    }
    return false;
  }

  private Difference withProperties(Difference one) {
    if (!one.isMissing()) {
      return one;
    }
    List<String> statements = new ArrayList<>(one.makeExpected());
    for (Difference other : differences) {
      boolean isOwn =
          other != one
              && other.isMissing()
              && other.relation().equals(one.relation())
              && !other.kind().endsWith(" privilege") // comes with the relation
              && (one.kind().equals("sequence")
                  || one.kind().equals("function")
                  || one.kind().equals("column")
                      && other.name().equals(one.name())
                      && OF_COLUMN.contains(other.kind()));
      if (isOwn) {
        statements.addAll(other.makeExpected());
      }
    }
    return new Difference(
        one.subject(),
        one.kind(),
        one.home(),
        one.relation(),
        one.name(),
        one.expected(),
        one.found(),
        statements,
        one.makeFound(),
        one.undoFound());
  }

  private static int rank(Difference one) {
    int rank = KINDS.indexOf(one.kind());
    return rank < 0 ? KINDS.size() : rank;
  }

  /** A foreign key needs the key that it refers to. */
  private static int keysFirst(Difference one) {
    return one.expected().filter(text -> text.startsWith("FOREIGN KEY")).isPresent() ? 1 : 0;
  }

  private static String key(String kind, String relation, String name) {
    return Blueprint.key(kind, relation, name);
  }
}
