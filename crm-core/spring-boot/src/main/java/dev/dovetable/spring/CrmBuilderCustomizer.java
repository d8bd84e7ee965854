package dev.dovetable.spring;

import dev.dovetable.core.CrmBuilder;

/** A bean that has a say in how the {@link dev.dovetable.core.Crm} is made, behind properties. */
@FunctionalInterface
public interface CrmBuilderCustomizer {

  /**
   * Changes settings.
   *
   * @param builder with what the properties say
   */
  void customize(CrmBuilder builder);
}
