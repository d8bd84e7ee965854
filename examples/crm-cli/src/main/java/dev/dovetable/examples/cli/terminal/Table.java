package dev.dovetable.examples.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows with aligned columns. Not thread-safe. */
public final class Table {
  private static final String GAP = "  ";

  private final List<Boolean> toTheRight;
  private final List<List<String>> lines = new ArrayList<>();

  /** A heading that begins with {@code >} is that of a column of numbers. */
  public Table(String... headings) {
    toTheRight = List.of(headings).stream().map(heading -> heading.startsWith(">")).toList();
    lines.add(
        List.of(headings).stream()
            .map(heading -> heading.startsWith(">") ? heading.substring(1) : heading)
            .toList());
  }

  public Table row(String... cells) {
    if (cells.length != toTheRight.size()) {
      throw new IllegalArgumentException("a row must have " + toTheRight.size() + " cells");
    }
    lines.add(List.of(cells).stream().map(Text::oneLine).toList());
    return this;
  }

  public List<String> lines() {
    List<Integer> widths =
        IntStream.range(0, toTheRight.size())
            .mapToObj(i -> lines.stream().mapToInt(line -> Text.width(line.get(i))).max().orElse(0))
            .toList();
    return lines.stream().map(line -> aligned(line, widths)).toList();
  }

  private String aligned(List<String> line, List<Integer> widths) {
    return IntStream.range(0, line.size())
        .mapToObj(
            i -> {
              String blanks = " ".repeat(widths.get(i) - Text.width(line.get(i)));
              return toTheRight.get(i) ? blanks + line.get(i) : line.get(i) + blanks;
            })
        .collect(Collectors.joining(GAP))
        .stripTrailing();
  }
}
