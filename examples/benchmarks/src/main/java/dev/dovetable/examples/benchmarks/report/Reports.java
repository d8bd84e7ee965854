package dev.dovetable.examples.benchmarks.report;

import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes results: {@code results.md}, {@code results.json} and a plot for each line that grows. */
public final class Reports {

  private static final int WIDTH = 720;
  private static final int HEIGHT = 420;

  private final Path directory;

  public Reports(Path directory) {
    this.directory = directory;
  }

  public void write(Results results, Options options, Map<String, String> machine)
      throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("results.json"), json(results));
    Files.writeString(
        directory.resolve("results.md"), new Markdown(results, options, machine).toString());
    for (Plot plot : results.plots()) {
      try (OutputStream file = Files.newOutputStream(directory.resolve(plot.file() + ".svg"))) {
        ChartEncoder.saveChart(chart(plot), file, "svg");
      }
    }
  }

  private static String json(Results results) {
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    ArrayNode rows = mapper.createArrayNode();
    for (Figure figure : results.figures()) {
      ObjectNode row = rows.addObject();
      row.put("number", figure.number());
      row.put("work", figure.work());
      row.put("value", figure.value().map(Numbers::value).orElse(null));
      row.put("unit", figure.unit());
      row.put("reference", figure.reference().orElse(null));
      row.put("ratio", figure.ratio().map(Numbers::value).orElse(null));
      row.put("target", figure.target());
      row.put("met", figure.met().orElse(null));
      if (!figure.note().isEmpty()) {
        row.put("note", figure.note());
      }
    }
    return mapper.writeValueAsString(rows) + "\n";
  }

  private static XYChart chart(Plot plot) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(plot.title())
            .xAxisTitle(plot.xTitle())
            .yAxisTitle(plot.yTitle())
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
    chart.getStyler().setXAxisLogarithmic(plot.logarithmic());
    chart.getStyler().setYAxisLogarithmic(plot.logarithmic());
    if (!plot.logarithmic()) {
      chart.getStyler().setYAxisMin(0.0);
    }
    plot.lines().forEach((name, values) -> chart.addSeries(name, plot.x(), values));
    return chart;
  }
}
