package dev.dovetable.examples.benchmarks.report;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;

/** The results for people. */
public final class Markdown {

  private final StringBuilder text = new StringBuilder();

  public Markdown(Results results, Options options, Map<String, String> machine) {
    line("# Results of the benchmarks");
    line("");
    line(
        "Measured on %s, %s size, by one command:"
            .formatted(LocalDate.now(ZoneOffset.UTC), options.size().name()));
    line("");
    line("```");
    line(options.command());
    line("```");
    line("");
    line(
        "Each value is a median. A ratio is the median of the rounds' ratios: the library's figure"
            + " through the reference's, so less is better for times and more for rates. The"
            + " repository's page `docs/benchmarks/README.md` says what is measured and how.");
    line("");
    table(results);
    plots(results);
    line("## Machine");
    line("");
    line("| | |");
    line("|---|---|");
    machine.forEach((name, fact) -> line("| %s | %s |".formatted(name, cell(fact))));
  }

  private void table(Results results) {
    line("| # | Work | Value | Reference | Ratio | Target | Reached |");
    line("|---|---|---|---|---|---|---|");
    for (Figure figure : results.figures()) {
      line(
          "| %d | %s | %s | %s | %s | %s | %s |"
              .formatted(
                  figure.number(),
                  cell(figure.work()) + (figure.note().isEmpty() ? "" : ". " + cell(figure.note())),
                  figure.value().map(Numbers::rounded).orElse("") + " " + figure.unit(),
                  cell(figure.reference().orElse("")),
                  figure.ratio().map(Numbers::ratio).orElse(""),
                  figure.target(),
                  figure.met().map(met -> met ? "yes" : "**no**").orElse("")));
    }
    line("");
  }

  private void plots(Results results) {
    if (results.plots().isEmpty()) {
      return;
    }
    line("## How costs grow");
    line("");
    for (Plot plot : results.plots()) {
      line("![%s](%s.svg)".formatted(plot.title(), plot.file()));
      line("");
    }
  }

  private static String cell(String words) {
    return words.replace("|", "\\|").replace("\n", " ");
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
