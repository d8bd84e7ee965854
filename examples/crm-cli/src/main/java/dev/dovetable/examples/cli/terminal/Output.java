package dev.dovetable.examples.cli.terminal;

import java.util.List;
import picocli.CommandLine.Help.Ansi;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints results: a JSON document, or lines for people. */
public final class Output {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final int NARROWEST = 40;

  private final Shell shell;
  private final boolean json;

  public Output(Shell shell, boolean json) {
    this.shell = shell;
    this.json = json;
  }

  /** The document, a record whose components are its fields, or what the lines say. */
  public void show(Object document, Runnable lines) {
    if (json) {
      shell.out().println(Text.escaped(JSON.writeValueAsString(document)));
    } else {
      lines.run();
    }
  }

  public void line(String text) {
    shell.out().println(text);
  }

  public void table(Table table) {
    List<String> lines = table.lines();
    line(bold(lines.get(0)));
    lines.stream().skip(1).forEach(this::line);
  }

  /** Text that is broken where the terminal ends; in a pipe it isn't. */
  public void paragraph(String indent, String text) {
    int columns =
        shell.terminal().output()
            ? Math.max(shell.terminal().columns(), NARROWEST) - indent.length()
            : Integer.MAX_VALUE;
    Text.wrap(Text.oneLine(text), columns).forEach(part -> line(indent + part));
  }

  /** For whoever watches: never part of the result. */
  public void notice(String text) {
    shell.err().println(text);
  }

  public String bold(String text) {
    return styled("bold", text);
  }

  public String good(String text) {
    return styled("green", text);
  }

  public String bad(String text) {
    return styled("red", text);
  }

  private String styled(String style, String text) {
    if (!shell.terminal().color()) {
      return text;
    }
    Ansi.IStyle[] styles = Ansi.Style.parse(style);
    return Ansi.Style.on(styles) + text + Ansi.Style.off(styles);
  }
}
