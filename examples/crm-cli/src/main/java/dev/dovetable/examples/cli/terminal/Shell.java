package dev.dovetable.examples.cli.terminal;

import java.io.BufferedReader;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * What the program was started in.
 *
 * @param out results
 * @param err everything else
 * @param in answers to questions
 * @param environment the environment variables
 * @param terminal which of the streams are a terminal
 */
public record Shell(
    PrintStream out,
    PrintStream err,
    BufferedReader in,
    Map<String, String> environment,
    Terminal terminal) {

  public static Shell current() {
    // Not System.out: in the C locale of containers that turns everything but ASCII into "?".
    return new Shell(
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())),
        System.getenv(),
        Terminal.detect(System.getenv()));
  }

  /** An environment variable; one that is empty counts as not set, as in psql. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /** What is typed after the question; empty if nobody is there to be asked. */
  public Optional<String> ask(String question) {
    if (!terminal.input()) {
      return Optional.empty();
    }
    err.print(question);
    err.flush();
    try {
      return Optional.ofNullable(in.readLine()).map(String::strip);
    } catch (IOException e) {
      throw new UncheckedIOException("The answer can't be read", e);
    }
  }

  /** What is typed without being shown; empty if nobody is there, or it couldn't be hidden. */
  public Optional<String> askSecretly(String question) {
    Console console = System.console();
    if (!terminal.input() || !terminal.output() || console == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(console.readPassword("%s", question)).map(String::new);
  }
}
