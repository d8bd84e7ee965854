package dev.dovetable.examples.cli.database;

import dev.dovetable.examples.cli.terminal.Shell;
import dev.dovetable.examples.cli.terminal.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** psql's file of passwords. As with psql, one that others have access to isn't used. */
final class PasswordFile {
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  /** Where the driver looks first. */
  private static final String DRIVERS_PROPERTY = "org.postgresql.pgpassfile";

  private PasswordFile() {}

  /** Has the driver read another file if others have access to this one, and says so. */
  static void leaveOutIfShared(Shell shell) {
    Path file =
        shell
            .variable("PGPASSFILE")
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".pgpass"));
    if (isShared(file)) {
      System.setProperty(DRIVERS_PROPERTY, "/dev/null");
      shell
          .err()
          .println(
              Text.oneLine(
                  "Others have access to %s, so it isn't used. Run: chmod 600 %s"
                      .formatted(file, file)));
    }
  }

  private static boolean isShared(Path file) {
    try {
      return Files.isRegularFile(file)
          && !Collections.disjoint(Files.getPosixFilePermissions(file), OTHERS);
    } catch (IOException | UnsupportedOperationException e) {
      // Gone, or a system without such permissions.
      return false;
    }
  }
}
