package dev.dovetable.testkit.server.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Identifies a Java process for longer than it lives, so that a later one can tell whether what
 * bears its mark was left behind.
 *
 * @param host whose processes can be told dead from here: same machine, process namespace and user
 * @param pid the process
 * @param start when it started, since process numbers are used again
 */
public record Jvm(String host, long pid, String start) {

  private static final Jvm CURRENT =
      new Jvm(
          currentHost(),
          ProcessHandle.current().pid(),
          startOf(ProcessHandle.current().pid()).orElse("0"));

  public static Jvm current() {
    return CURRENT;
  }

  /** Reads what {@link #toString} wrote. */
  public static Optional<Jvm> parse(String text) {
    String[] parts = text.strip().split("_", -1);
    if (parts.length != 3
        || !parts[0].matches("[0-9a-f]{8}")
        || !parts[1].matches("[0-9]{1,10}")
        || !parts[2].matches("[0-9a-z]+")) {
      return Optional.empty();
    }
    return Optional.of(new Jvm(parts[0], Long.parseLong(parts[1]), parts[2]));
  }

  /** Whether the process is known to be gone; of other hosts nothing is known. */
  public boolean isDead() {
    return host.equals(CURRENT.host) && !startOf(pid).equals(Optional.of(start));
  }

  /** Letters, digits and two underscores; at most 45 characters. */
  @Override
  public String toString() {
    return host + "_" + pid + "_" + start;
  }

  private static Optional<String> startOf(long pid) {
    Path stat = Path.of("/proc", Long.toString(pid), "stat");
    if (!Files.isDirectory(Path.of("/proc/self"))) {
      return ProcessHandle.of(pid)
          .flatMap(process -> process.info().startInstant())
          .map(instant -> Long.toString(instant.getEpochSecond(), 36));
    }
    try {
      // Ticks since the boot: the start as a time of day would shift when the clock is set.
      String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
      return Optional.of(
          Long.toString(Long.parseLong(fields[19]), 36) + "z" + digest(List.of(boot()), 4));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String boot() {
    return read(Path.of("/proc/sys/kernel/random/boot_id"));
  }

  private static String currentHost() {
    String name;
    try {
      name = InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      name = "";
    }
    String namespace;
    try {
      namespace = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    } catch (IOException | UnsupportedOperationException e) {
      namespace = "";
    }
    return digest(
        List.of(
            name, read(Path.of("/etc/machine-id")), namespace, System.getProperty("user.name", "")),
        8);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static String digest(List<String> parts, int length) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, length);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
