package dev.dovetable.examples.cli;

import dev.dovetable.examples.cli.terminal.Shell;
import dev.dovetable.examples.cli.terminal.Terminal;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a run of the program printed, and its exit status. */
record Result(int status, String out, String err) {

  /** In this JVM, as in a pipe. */
  static Result of(String... arguments) {
    return on(Terminal.NONE, "", arguments);
  }

  /** In this JVM, on a terminal at which somebody types. */
  static Result on(Terminal terminal, String typed, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Shell shell =
        new Shell(
            stream(out),
            stream(err),
            new BufferedReader(new StringReader(typed)),
            Map.of(),
            terminal);
    int status = CrmCli.run(shell, arguments);
    return new Result(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Standard output, which is one JSON document and nothing else. */
  JsonNode json() {
    return JsonMapper.builder().build().readTree(out);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
