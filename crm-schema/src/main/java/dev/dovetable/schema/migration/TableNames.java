package dev.dovetable.schema.migration;

import java.util.Collection;
import java.util.List;

/**
 * Names of agents' tables, which stand behind a prefix and an underscore. What agent {@code shop}
 * would call {@code customers_notes} is {@code notes} of agent {@code shop_customers}.
 */
final class TableNames {
  static final String REMEDY = "Choose another name, so that no two of them give a third.";

  private TableNames() {}

  /**
   * Whether a table has a name, or gives another one the name, that an agent's and another agent's
   * table could both have: one name, an underscore and another name that there is.
   */
  static boolean isAmbiguous(String table, Collection<String> all) {
    for (String first : all) {
      for (String second : all) {
        String both = first + "_" + second;
        if (all.contains(both) && List.of(first, second, both).contains(table)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether a name is that of one table with that of another behind it. */
  static boolean isOfAnotherAgent(String name, Collection<String> tables) {
    return tables.stream()
        .filter(table -> name.startsWith(table + "_"))
        .map(table -> name.substring(table.length() + 1))
        .anyMatch(tables::contains);
  }
}
