package dev.dovetable.examples.benchmarks.report;

import java.util.List;
import java.util.Map;

/**
 * Lines over a common x axis.
 *
 * @param file the name of its file, without ending
 * @param title what it shows
 * @param xTitle what grows
 * @param yTitle what is measured, with its unit
 * @param logarithmic whether both axes are
 * @param x the values of the axis that grows
 * @param lines a value for each x
 */
public record Plot(
    String file,
    String title,
    String xTitle,
    String yTitle,
    boolean logarithmic,
    List<Integer> x,
    Map<String, List<Double>> lines) {}
