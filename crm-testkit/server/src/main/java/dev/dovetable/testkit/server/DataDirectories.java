package dev.dovetable.testkit.server;

import dev.dovetable.testkit.server.internal.Jvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where embedded servers have their data until they are stopped. Each has a directory, a log and,
 * from before the directory exists until after it is gone, a file that names its JVM: so the next
 * server's start finds what a killed JVM left, ends it and removes it.
 */
final class DataDirectories {

  private static final Logger log = LoggerFactory.getLogger(DataDirectories.class);
  private static final String MARK = ".jvm";
  private static final long STOP_SECONDS = 10;
  private static final Path MEMORY = Path.of("/dev/shm");

  /** A server with a few small databases takes a twentieth of it. */
  private static final long ROOM = 2L << 30;

  private final Path home;

  DataDirectories(Path home) {
    this.home = home;
  }

  /**
   * Where the next server's data go: the directory given, else memory where there is plenty,
   * because a database is cloned there in a tenth of the time, else the directory for temporary
   * files.
   */
  static DataDirectories choose(Optional<Path> given) {
    List<DataDirectories> all = all(given);
    if (given.isPresent() || (isRoomy(MEMORY) && Files.isWritable(MEMORY))) {
      return all.get(0);
    }
    return all.get(all.size() - 1);
  }

  /** Wherever servers of this user may have been left. */
  static List<DataDirectories> all(Optional<Path> given) {
    // Apart from other users', whose files couldn't be removed.
    String own =
        "crm-testkit-" + System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "_");
    return Stream.concat(
            given.stream(), Stream.of(MEMORY, Path.of(System.getProperty("java.io.tmpdir"))))
        .map(parent -> new DataDirectories(parent.resolve(own).toAbsolutePath()))
        .toList();
  }

  private static boolean isRoomy(Path directory) {
    try {
      return Files.getFileStore(directory).getUsableSpace() >= ROOM;
    } catch (IOException e) {
      return false; // Other systems than Linux have no such directory.
    }
  }

  Path data(String name) {
    return home.resolve(name);
  }

  Path log(String name) {
    return home.resolve(name + ".log");
  }

  void mark(String name) {
    Path mark = home.resolve(name + MARK);
    try {
      Files.createDirectories(home);
      // In one step: half a mark would be read as nobody's.
      Path written = Files.writeString(home.resolve(name + ".new"), Jvm.current().toString());
      Files.move(written, mark, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new PostgresServerException(
          "%s can't be written: %s. -Dcrm.testkit.directory=<directory> chooses another place."
              .formatted(mark, e),
          e);
    }
  }

  void remove(String name) {
    delete(data(name));
    delete(log(name));
    delete(home.resolve(name + MARK));
  }

  /** Ends the servers of JVMs that are dead, and removes their files. */
  void removeLeftBehind() {
    if (!Files.isDirectory(home)) {
      return;
    }
    try (Stream<Path> files = Files.list(home)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(MARK) && jvm(file).filter(Jvm::isDead).isPresent()) {
          removeServer(name.substring(0, name.length() - MARK.length()));
        }
      }
    } catch (IOException | UncheckedIOException e) {
      log.warn("What killed JVMs left in {} can't be removed: {}", home, e.toString());
    }
  }

  private void removeServer(String name) {
    OptionalLong postmaster = postmaster(data(name));
    if (postmaster.isPresent()) {
      stop(postmaster.getAsLong());
    }
    remove(name);
    log.info("Removed the embedded PostgreSQL {} that a killed JVM left behind", data(name));
  }

  /** The server process of a data directory, if its file names one that lives and is PostgreSQL. */
  static OptionalLong postmaster(Path data) {
    try {
      List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
      long pid = Long.parseLong(lines.get(0).strip());
      Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(p -> isServer(p, data));
      return process.isPresent() ? OptionalLong.of(pid) : OptionalLong.empty();
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      return OptionalLong.empty();
    }
  }

  /** Process numbers are used again: the command line, where it can be read, has the directory. */
  private static boolean isServer(ProcessHandle process, Path data) {
    return process.info().commandLine().map(line -> line.contains(data.toString())).orElse(true);
  }

  private static void stop(long pid) {
    ProcessHandle process = ProcessHandle.of(pid).orElse(null);
    if (process == null) {
      return;
    }
    try {
      // PostgreSQL's immediate shutdown, which ends its sessions too; Windows has no signals.
      new ProcessBuilder("kill", "-QUIT", Long.toString(pid)).start().waitFor();
      process.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | TimeoutException | java.util.concurrent.ExecutionException e) {
      process.destroyForcibly();
      try {
        process.onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
      } catch (CompletionException timeout) {
        log.warn("The PostgreSQL with the process number {} can't be stopped", pid);
      }
    }
  }

  private static Optional<Jvm> jvm(Path mark) {
    try {
      return Jvm.parse(Files.readString(mark));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Deletes a file or a tree; another JVM may be at the same work. */
  static void delete(Path root) {
    for (int attempt = 1; Files.exists(root); attempt++) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      } catch (IOException | UncheckedIOException e) {
        boolean vanished =
            e instanceof NoSuchFileException || e.getCause() instanceof NoSuchFileException;
        if (attempt == 5) {
          throw e instanceof UncheckedIOException unchecked
              ? unchecked
              : new UncheckedIOException((IOException) e);
        }
        log.debug("Deleting {} again ({})", root, vanished ? "another JVM does it too" : e);
      }
    }
  }
}
