package dev.dovetable.testkit.internal;

import java.util.regex.Pattern;

/** Tells what crm-core sends ahead of and behind a statement to have it run as its actor. */
public final class Preludes {
  private static final Pattern PRELUDE =
      Pattern.compile(
          "\\s*(select\\s+(pg_catalog\\.set_config\\('(role|crm\\.saved_\\w+)',"
              + "|pg_catalog\\.count\\(\\s*pg_catalog\\.set_config\\(|[^ ]*enter_agent).*"
              + "|set constraints all immediate\\s*)",
          Pattern.DOTALL);

  private Preludes() {}

  /** BEGIN and COMMIT around a single statement are what travels along, too. */
  public static boolean isOne(String sql) {
    return sql.equals("begin\n") || sql.equals("\ncommit") || PRELUDE.matcher(sql).matches();
  }
}
