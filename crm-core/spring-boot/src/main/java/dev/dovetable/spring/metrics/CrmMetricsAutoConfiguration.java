package dev.dovetable.spring.metrics;

import dev.dovetable.spring.CrmAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/**
 * Counts what the library does. Where the registry is configured is told as text, because Spring
 * Boot 4 has moved it.
 */
@AutoConfiguration(
    before = CrmAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
    })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnProperty(name = "crm.metrics.enabled", matchIfMissing = true)
public class CrmMetricsAutoConfiguration {

  /** Spring makes it. */
  public CrmMetricsAutoConfiguration() {}

  @Bean
  CrmMeters crmMeters(MeterRegistry registry) {
    return new CrmMeters(registry);
  }

  @Bean
  MigrationMeters crmMigrationMeters(MeterRegistry registry) {
    return new MigrationMeters(registry);
  }
}
