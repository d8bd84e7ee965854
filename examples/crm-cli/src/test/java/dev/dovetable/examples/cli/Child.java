package dev.dovetable.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The runnable jar in a JVM of its own. */
final class Child implements AutoCloseable {
  private static final int PATIENCE_S = 120;

  private final Process process;
  private final Captured out;
  private final Captured err;

  private Child(Process process) {
    this.process = process;
    this.out = new Captured(process.getInputStream());
    this.err = new Captured(process.getErrorStream());
  }

  /** In a pipe, with these environment variables and no others that psql knows. */
  static Child start(Map<String, String> environment, String... arguments) throws IOException {
    return start(environment, command(arguments));
  }

  /** On a terminal of util-linux' script, which shows in standard output what appears there. */
  static Child onTerminal(Map<String, String> environment, String... arguments) throws IOException {
    String command =
        command(arguments).stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    return start(environment, List.of("script", "-qec", command, "/dev/null"));
  }

  static boolean hasScript() {
    try {
      Process version = new ProcessBuilder("script", "--version").redirectErrorStream(true).start();
      return new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .contains("util-linux");
    } catch (IOException e) {
      return false;
    }
  }

  static Result run(Map<String, String> environment, String... arguments) throws IOException {
    try (Child child = start(environment, arguments)) {
      return child.result();
    }
  }

  private static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    // They live for a second: compiling more would take longer than it saves.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-Duser.language=tr", "-Duser.country=TR", "-jar"));
    command.add(System.getProperty("cli.jar"));
    command.addAll(List.of(arguments));
    return command;
  }

  private static Child start(Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().putAll(environment);
    return new Child(builder.start());
  }

  long pid() {
    return process.pid();
  }

  void awaitShown(String text) {
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while (!out.text().contains(text) && System.nanoTime() < patience && process.isAlive()) {
      Thread.onSpinWait();
    }
    assertThat(out.text()).contains(text);
  }

  void type(String line) throws IOException {
    OutputStream in = process.getOutputStream();
    in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    in.flush();
  }

  Result result() {
    try {
      assertThat(process.waitFor(PATIENCE_S, TimeUnit.SECONDS)).as("ended").isTrue();
      return new Result(process.exitValue(), out.all(), err.all());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Read all the time, so that the child never waits for a reader. */
  private static final class Captured {
    private final StringBuffer text = new StringBuffer();
    private final Thread reader;

    Captured(InputStream in) {
      reader = new Thread(() -> read(in), "child-output");
      reader.setDaemon(true);
      reader.start();
    }

    String text() {
      return text.toString();
    }

    String all() throws InterruptedException {
      reader.join();
      return text();
    }

    private void read(InputStream in) {
      byte[] buffer = new byte[8192];
      try {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          // What is looked for in the middle of it is ASCII.
          text.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
