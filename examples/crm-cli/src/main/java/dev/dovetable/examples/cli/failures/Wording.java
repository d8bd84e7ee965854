package dev.dovetable.examples.cli.failures;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The library's advice, which names its API, in words of the command line. */
public final class Wording {
  private static final Map<Pattern, String> WORDS = new LinkedHashMap<>();

  static {
    say("CrmSchema\\.builder\\(\\)\\.schema\\(\"(\\w+)\"\\)\\.build\\(\\)", "--schema $1");
    say("[Cc]all CrmSchema\\.install", "run crm-cli install");
    say("CrmSchema(\\.install)?\\b", "crm-cli install");
    say("AgentMigrations\\b", "crm-cli migrate");
    say("RegisteredVersions\\b", "crm-cli extensions replace");
    say("lockTimeout\\(…\\)", "--lock-timeout");
    say("statementTimeout\\b", "--statement-timeout");
    say("loginRole\\(…\\)", "--login-role");
    say("crm\\.asService\\(\\)\\.agents\\(\\)\\.create\\(…\\)", "crm-cli agents create");
    say(", or open that agent: crm\\.as\\(…\\)\\.tenant\\(\"\\w+\"\\)", "");
    say(" of the (Crm|DataSource)\\b", "");
  }

  private Wording() {}

  private static void say(String api, String words) {
    WORDS.put(Pattern.compile(api), words);
  }

  public static String of(String advice) {
    String said = advice;
    for (Map.Entry<Pattern, String> word : WORDS.entrySet()) {
      said = word.getKey().matcher(said).replaceAll(word.getValue());
    }
    return said;
  }
}
