package dev.dovetable.examples.cli.failures;

import java.util.LinkedHashMap;
import java.util.Map;

/** How the program ends: the numbers are part of its interface. */
public enum ExitStatus {
  FINE(0, "All is well."),
  NOT_FINE(1, "What was asked about is not well: outdated, findings, agents that failed."),
  USAGE(2, "The command line is wrong."),
  UNREACHABLE(3, "The server can't be reached, or refuses the login."),
  REFUSED(4, "Refused, and nothing was changed: by a rule, for want of rights or of a yes."),
  FAILED(5, "The database or the system failed in the middle; what is committed stays."),
  INTERRUPTED(130, "Ended by Ctrl-C (143: by SIGTERM); what is committed stays.");

  private final int code;
  private final String meaning;

  ExitStatus(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  public int code() {
    return code;
  }

  public String meaning() {
    return meaning;
  }

  public static Map<String, String> meanings() {
    Map<String, String> meanings = new LinkedHashMap<>();
    for (ExitStatus status : values()) {
      meanings.put(Integer.toString(status.code), status.meaning);
    }
    return meanings;
  }
}
