package dev.dovetable.examples.quickstart;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Prints headings, lines and tables with aligned columns. */
final class Console {

  private static final String INDENT = "   ";
  private static final String GAP = "   ";

  private final PrintStream out;
  private int sections;

  Console(PrintStream out) {
    this.out = out;
  }

  void title(String text) {
    out.println(text);
    out.println("═".repeat(width(text)));
  }

  void section(String heading) {
    out.println();
    out.println(++sections + "  " + heading);
  }

  void line(String text) {
    out.println(text.isEmpty() ? "" : INDENT + text);
  }

  /** A column whose name begins with {@code >} is aligned to the right. */
  void table(List<String> columns, List<List<String>> rows) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(
        columns.stream().map(name -> name.startsWith(">") ? name.substring(1) : name).toList());
    lines.addAll(rows.stream().map(row -> row.stream().map(Console::oneLine).toList()).toList());
    int[] widths = new int[columns.size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(line.get(i)));
      }
    }
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String blanks = " ".repeat(widths[i] - width(line.get(i)));
        boolean right = columns.get(i).startsWith(">");
        text.append(i == 0 ? "" : GAP)
            .append(right ? blanks : "")
            .append(line.get(i))
            .append(right ? "" : blanks);
      }
      line(text.toString().stripTrailing());
    }
  }

  /** What others wrote may hold line breaks, and escape sequences that would steer the terminal. */
  private static String oneLine(String text) {
    return text.replaceAll("\\R+", " ⏎ ").replaceAll("\\p{Cntrl}", "?");
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
