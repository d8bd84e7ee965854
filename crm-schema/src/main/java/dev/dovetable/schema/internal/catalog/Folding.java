package dev.dovetable.schema.internal.catalog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The differences of one subject, without those that only follow from others: a table that is
 * missing has no columns either. What follows is made with what it follows from.
 */
public final class Folding {
  /** What has an owner, which has all privileges. */
  private static final Map<ObjectKind, ObjectKind> OWNER_OF_PRIVILEGE =
      Map.of(
          ObjectKind.TABLE_PRIVILEGE, ObjectKind.TABLE_OWNER,
          ObjectKind.SEQUENCE_PRIVILEGE, ObjectKind.SEQUENCE_OWNER,
          ObjectKind.FUNCTION_PRIVILEGE, ObjectKind.FUNCTION_OWNER);

  private static final Comparator<Difference> ORDER =
      Comparator.<Difference>comparingInt(one -> one.kind().repairRank())
          .thenComparingInt(Folding::keysFirst)
          .thenComparing(Difference::relation)
          .thenComparing(Difference::name);

  private final List<Difference> differences;
  private final Map<String, Difference> byKey = new HashMap<>();
  private final Map<String, Difference> functions = new HashMap<>();
  private final Set<String> lostTables = new TreeSet<>();
  private final Map<String, String> tableOfSequence = new HashMap<>();

  private Folding(List<Difference> differences) {
    this.differences = differences.stream().sorted(ORDER).toList();
    for (Difference one : differences) {
      byKey.put(one.key(), one);
      if (one.kind() == ObjectKind.FUNCTION) {
        functions.put(one.relation(), one);
      }
      if (one.kind() == ObjectKind.TABLE && !one.isExtra() && !isStillATable(one)) {
        lostTables.add(one.relation());
      }
    }
    for (Difference one : differences) {
      if (one.kind() == ObjectKind.SEQUENCE_OF_COLUMN && one.isMissing()) {
        for (String table : lostTables) {
          if (one.expected().orElseThrow().contains("." + table + ".")) {
            tableOfSequence.put(one.relation(), table);
          }
        }
      }
    }
  }

  /** What is left, with the statements that make what follows from it, too. */
  public static List<Difference> fold(List<Difference> differences) {
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
        || isOfLostWhole(one)
        || isOfLostRelation(one)
        || followsFromOwner(one);
  }

  private static boolean isStillATable(Difference table) {
    return table.found().filter(kind -> kind.endsWith("table")).isPresent();
  }

  private boolean isOfLostTable(Difference one) {
    return one.kind() != ObjectKind.TABLE
        && (lostTables.contains(one.relation())
            || tableOfSequence.containsKey(one.relation())
            || refersToLostTable(one));
  }

  private boolean refersToLostTable(Difference one) {
    return one.kind() == ObjectKind.CONSTRAINT
        && one.isMissing()
        && lostTables.stream()
            .anyMatch(table -> one.expected().orElseThrow().contains("." + table + "("));
  }

  /** Privileges, owner and comment of a sequence or function that is missing, or nobody's. */
  private boolean isOfLostRelation(Difference one) {
    return Stream.concat(
            Stream.of(ObjectKind.SEQUENCE, ObjectKind.TYPE, ObjectKind.SCHEMA, ObjectKind.TABLE)
                .map(kind -> byKey.get(Blueprint.key(kind, one.relation(), ""))),
            Stream.of(one.relation()).map(functions::get))
        .filter(whole -> whole != null && whole != one)
        .anyMatch(whole -> whole.isMissing() || whole.isExtra());
  }

  private boolean isOfLostWhole(Difference one) {
    return one.kind()
        .whole()
        .map(kind -> byKey.get(Blueprint.key(kind, one.relation(), one.name())))
        .filter(whole -> whole.isMissing() || whole.isExtra())
        .isPresent();
  }

  /** Another owner has the owner's privileges, and of the sequences that belong to the table. */
  private boolean followsFromOwner(Difference one) {
    ObjectKind ownerKind = OWNER_OF_PRIVILEGE.get(one.kind());
    if (ownerKind != null) {
      Difference owner = byKey.get(Blueprint.key(ownerKind, one.relation(), ""));
      if (owner != null) {
        return isOfOwner(one, owner);
      }
    }
    if (one.kind() == ObjectKind.SEQUENCE_OWNER || one.kind() == ObjectKind.SEQUENCE_PRIVILEGE) {
      for (Difference owner : differences) {
        if (owner.kind() == ObjectKind.TABLE_OWNER
            && one.relation().startsWith(owner.relation() + "_")) {
          return one.kind() == ObjectKind.SEQUENCE_OWNER || isOfOwner(one, owner);
        }
      }
    }
    return false;
  }

  private static boolean isOfOwner(Difference privilege, Difference owner) {
    return owner.expected().filter(privilege.name()::equals).isPresent()
        || owner.found().filter(privilege.name()::equals).isPresent();
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
              && !other.kind().isPrivilege() // comes with the relation
              && (one.kind() == ObjectKind.SEQUENCE
                  || one.kind() == ObjectKind.FUNCTION
                  || one.kind() == ObjectKind.COLUMN
                      && other.name().equals(one.name())
                      && other.kind().whole().equals(Optional.of(ObjectKind.COLUMN)));
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

  /** A foreign key needs the key that it refers to. */
  private static int keysFirst(Difference one) {
    return one.expected().filter(text -> text.startsWith("FOREIGN KEY")).isPresent() ? 1 : 0;
  }
}
