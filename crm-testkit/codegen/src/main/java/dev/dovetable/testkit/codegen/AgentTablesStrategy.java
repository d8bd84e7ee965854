package dev.dovetable.testkit.codegen;

import java.util.regex.Pattern;
import org.jooq.codegen.DefaultGeneratorStrategy;
import org.jooq.meta.Definition;

/**
 * Names what is generated from {@link AgentTablesDatabase} as if there were no prefix: {@code
 * Appointments} and {@code APPOINTMENTS} for {@code {prefix}_appointments}. Otherwise as jOOQ does.
 *
 * <p>{@link AgentTablesGenerator} uses it unless told otherwise; other generators, such as jOOQ's
 * for Kotlin, name it in their configuration. Not thread-safe, like its superclass.
 */
public class AgentTablesStrategy extends DefaultGeneratorStrategy {
  private static final Pattern PREFIX = Pattern.compile("\\{prefix}_?", Pattern.CASE_INSENSITIVE);

  /** Creates the strategy, for jOOQ. */
  public AgentTablesStrategy() {}

  @Override
  public String getJavaIdentifier(Definition definition) {
    return renamed(super.getJavaIdentifier(definition), "TEMPLATE_SCHEMA");
  }

  @Override
  public String getJavaMethodName(Definition definition, Mode mode) {
    return renamed(super.getJavaMethodName(definition, mode), "templateSchema");
  }

  @Override
  public String getJavaClassName(Definition definition, Mode mode) {
    return renamed(super.getJavaClassName(definition, mode), "TemplateSchema");
  }

  @Override
  public String getJavaMemberName(Definition definition, Mode mode) {
    return renamed(super.getJavaMemberName(definition, mode), "templateSchema");
  }

  private static String renamed(String name, String schema) {
    return name.equalsIgnoreCase(TemplateAgent.SCHEMA)
        ? schema
        : PREFIX.matcher(name).replaceFirst("");
  }
}
