package dev.dovetable.examples.quickstart;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a run of the quickstart printed, and its exit status. */
record Result(int status, String out, String err) {

  static Result of(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = Quickstart.run(stream(out), stream(err), arguments);
    return new Result(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The lines of a section with their columns, which are three or more blanks apart. */
  List<List<String>> rows(String heading) {
    return out.lines()
        .dropWhile(line -> !line.matches("\\d+ {2}" + heading))
        .skip(1)
        .takeWhile(line -> !line.isEmpty())
        .map(line -> List.of(line.strip().split(" {3,}")))
        .toList();
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
