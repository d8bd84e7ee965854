package dev.dovetable.core.internal.sql;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which jOOQ is on the class path: a framework's list of versions may have put an older one there,
 * or one for a newer Java.
 */
public final class JooqVersion {
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");
  private static final int MAJOR = 3;
  private static final int LEAST_MINOR = 19;

  private JooqVersion() {}

  /**
   * Refuses a jOOQ that lacks what the library calls, before anything of it is missed, and one that
   * this Java can't load. {@code .ci/spring-boots} has a test of the latter.
   */
  public static void require() {
    require(present());
  }

  static void require(String version) {
    Matcher parts = VERSION.matcher(version);
    if (parts.matches()
        && Integer.parseInt(parts.group(1)) == MAJOR
        && Integer.parseInt(parts.group(2)) < LEAST_MINOR) {
      throw new IllegalStateException(
          "jOOQ "
              + version
              + " is on the class path, and the CRM needs 3.19 or newer. Where Spring Boot's list of"
              + " versions has put it there, set the property jooq.version.");
    }
  }

  /** Read at run time: in code, javac would put the version that this is compiled with. */
  private static String present() {
    try {
      return String.valueOf(Class.forName("org.jooq.Constants").getField("FULL_VERSION").get(null));
    } catch (UnsupportedClassVersionError e) {
      throw new IllegalStateException(
          ("The jOOQ on the class path needs a newer Java than %d. Run on one that it takes (21 for"
                  + " jOOQ 3.20 and 3.21), or take jOOQ 3.19: where Spring Boot's list of versions"
                  + " has put it there, set the property jooq.version.")
              .formatted(Runtime.version().feature()),
          e);
    } catch (ReflectiveOperationException e) {
      return ""; // whoever has changed jOOQ knows what it can do
    }
  }
}
