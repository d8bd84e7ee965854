package dev.wacrm.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells what crm-core sends ahead of and behind a statement, and as whom it acts. */
final class Preludes {
  private static final Pattern PRELUDE =
      Pattern.compile(
          "\\s*select\\s+set_config\\('(role|wacrm\\.role|statement_timeout)',.*", Pattern.DOTALL);
  private static final Pattern SUBJECT = Pattern.compile("\"sub\"\\s*:\\s*\"([0-9a-f-]{36})\"");

  private Preludes() {}

  /** BEGIN and COMMIT around a single statement are what travels along, too. */
  static boolean isOne(String sql) {
    return sql.equals("begin\n") || sql.equals("\ncommit") || PRELUDE.matcher(sql).matches();
  }

  /** The users in whose name a statement is about to run. */
  static List<String> usersIn(String sql) {
    List<String> users = new ArrayList<>();
    if (sql.contains("request.jwt.claims")) {
      Matcher matcher = SUBJECT.matcher(sql);
      while (matcher.find()) {
        users.add(matcher.group(1));
      }
    }
    return users;
  }
}
